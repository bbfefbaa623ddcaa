import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";
import { packagingTools } from "./packaging.ts";

const libraries =
  "bigdecimal bigdecimal/util csv date digest erb fileutils forwardable io/console json matrix minitest monitor open3 ostruct pp prime psych securerandom set socket stringio strscan tempfile time timeout yaml zlib";

const rubyOn = (below: Recipe, name: string, release: string): Recipe =>
  upon(below, {
    name,
    description: `Ruby ${release} with its standard library`,
    packages: [`ruby${release}`],
    buildBytes: 300e6,
    remove: [
      ...packagingTools,
      // Tools for writing Ruby, and for installing more of it.
      "usr/bin/{bundle*,erb*,gem*,irb*,openssl,racc*,rake*,rbs*,rdbg*,rdoc*,ri*,syntax_suggest*,typeprof*,update_rubygems}",
      "usr/lib/ruby/*/{bundler,irb,rdoc}",
      "usr/lib/ruby/gems/*/gems/{bundler,debug,irb,rbs,rdoc,typeprof}-*",
      "usr/lib/ruby/gems/*/specifications/{,default/}{bundler,debug,irb,rbs,rdoc,typeprof}-*",
      "usr/lib/*/ruby/gems/*/extensions/**/{debug,rbs}-*",
    ],
    finish: [["ln", "-sf", `ruby${release}`, "/usr/bin/ruby"]],
    probes: [
      {
        argv: ["ruby", "-e", `%w[${libraries}].each { require _1 }; puts RUBY_VERSION[/\\d+\\.\\d+/]`],
        stdout: `${release}\n`,
      },
    ],
  });

/** The language `ruby`. */
export const ruby = rubyOn(base, "ruby", "3.1");

/** The language `ruby@3.3`. */
export const ruby33 = rubyOn(base13, "ruby-3.3", "3.3");
