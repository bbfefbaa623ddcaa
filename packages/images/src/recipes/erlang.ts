import { readFileSync } from "node:fs";
import { join } from "node:path";
import { upon } from "../recipe.ts";
import { base } from "./base.ts";

const runner = readFileSync(join(import.meta.dirname, "files", "erlang", "assay_runner.erl"), "utf8");

/** The language `erlang`. */
export const erlang = upon(base, {
  name: "erlang",
  description: "Erlang/OTP 25, and bash",
  packages: ["erlang-base"],
  files: { "usr/lib/assay/erlang/assay_runner.erl": runner },
  buildBytes: 400e6,
  remove: [
    "usr/lib/erlang/lib/{erl_interface,sasl}-*",
    "usr/lib/erlang/lib/*/{examples,include,src}",
    "usr/lib/erlang/erts-*/{man,doc,include,lib,src}",
    "usr/lib/erlang/erts-*/bin/{dialyzer,typer,ct_run,epmd,run_erl,to_erl,start*,heart,yielding_c_fun,erl_call}",
    "usr/lib/erlang/bin/{dialyzer,typer,ct_run,epmd,run_erl,to_erl,start,start_erl,erl_call,start_sasl.boot}",
    "usr/bin/{epmd,run_erl,to_erl,erl_call,typer,dialyzer}",
    // What the packages' installation scripts would have been run by.
    "usr/bin/{perl*,*perl,cpan*,corelist,enc2xs,encguess,h2ph,h2xs,instmodsh,json_pp,libnetcfg,pl2pm,piconv,pod*,prove,ptar*,shasum,splain,streamzip,xsubpp,zipdetails}",
    "usr/share/{bash-completion,gcc,libgcrypt20,misc,pam-configs,perl*,adduser,usrmerge}",
    "usr/lib/*/{perl*,security}",
    "usr/lib/*/lib{perl,pam*,semanage,sepol,db-5*,gdbm*,gcrypt,gpg-error,audit,proc2*,cap-ng}.*",
    "usr/lib/usrmerge",
    "usr/sbin/{adduser,addgroup,del*,user*,group*,pam*,pw*,grp*,unix_*,fakeroot*,ch*,cp*,vi*,convert-usrmerge,sysctl,service,invoke-rc.d,nologin,mkhomedir_helper,faillock}",
    "usr/bin/{pgrep,pkill,pmap,ps,pwdx,skill,slabtop,snice,tload,top,uptime,vmstat,w,watch,free,kill,pidwait,deb-systemd*,debconf*,deltar*}",
    "etc/{adduser.conf,debconf.conf,deluser.conf,libaudit.conf,perl,selinux,sysctl*}",
  ],
  finish: [
    ["sh", "-c", "cd /usr/lib/erlang && ln -s erts-* erts && cp releases/*/OTP_VERSION releases/version"],
    ["sh", "-c", "cd /usr/lib/assay/erlang && exec erlc +deterministic assay_runner.erl"],
  ],
  probes: [
    {
      argv: [
        "erl",
        "-noshell",
        "-eval",
        'io:format("~p~n", [lists:sum(maps:values(#{a => 40, b => 2}))]), {ok, _, _} = compile:noenv_file("/usr/lib/assay/erlang/assay_runner", [binary]), halt().',
      ],
      stdout: "42\n",
    },
  ],
});

/** The language `elixir`. */
export const elixir = upon(erlang, {
  name: "elixir",
  description: "Elixir 1.14 on Erlang/OTP 25, and bash",
  packages: ["elixir"],
  buildBytes: 400e6,
  remove: ["usr/share/elixir", "usr/lib/ssl", "etc/ssl"],
  probes: [
    {
      argv: [
        "elixir",
        "-e",
        ":crypto.hash(:sha256, <<1>>); Application.ensure_all_started(:logger); IO.puts(Enum.sum(40..41) - 39)",
      ],
      stdout: "42\n",
    },
  ],
});
