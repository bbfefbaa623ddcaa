import { upon } from "../recipe.ts";
import { base } from "./base.ts";

/** Haxe 4.2 with its interpreter: the language `haxe`. */
export const haxe = upon(base, {
  name: "haxe",
  description: "Haxe 4.2",
  packages: ["haxe"],
  buildBytes: 500e6,
  remove: [
    "usr/bin/{haxelib,neko*,update-mime-database,gtk-*,fc-*,perl*,dbus*,gdk-*}",
    "usr/share/{X11,bash-completion,doc-base,fontconfig,fonts,glib-2.0,gtk-2.0,libthai,mime,perl*,themes,xml}",
    "usr/share/haxe/std/{cpp,cs,flash,hl,java,js,lua,php,python}",
    "etc/{X11,dbus-1,fonts,gtk-2.0,init.d,ld.so.conf.d/fakeroot*,neko}",
    // The graphical toolkit and the database that only Neko's own modules use.
    "usr/lib/*/lib{X*,x*,atk*,avahi*,cairo*,cups*,datrie*,dbus*,deflate*,expat*,fontconfig*,freetype*}.so*",
    "usr/lib/*/lib{fribidi*,gdk*,gio*,glib*,gmodule*,gnutls*,gobject*,graphite2*,gssapi*,gtk*,harfbuzz*}.so*",
    "usr/lib/*/lib{icu*,jbig*,jpeg*,k5crypto,krb5*,lerc*,Lerc*,mariadb*,p11-kit*,pango*,pixman*,png*,sqlite3}.so*",
    "usr/lib/*/lib{ssl,crypto,stdc++,systemd,tasn1,thai,tiff*,unistring,webp*,xml2,gcrypt,gpg-error,idn2}.so*",
    "usr/lib/*/lib{brotli*,apr-1,hogweed,nettle,keyutils,com_err,nsl,bsd,md}.so*",
    "usr/lib/*/{gdk*,gtk*,glib*,gio,krb5,neko,perl*,engines-3,ossl-modules}",
  ],
  probes: [{ argv: ["haxe", "--version"], stdout: "4.2.5\n" }],
});
