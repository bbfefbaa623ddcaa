import { upon } from "../recipe.ts";
import { base } from "./base.ts";
import { packagingTools } from "./packaging.ts";

/** GNU Octave without windows, sound and its solvers for many machines: the language `octave`. */
export const octave = upon(base, {
  name: "octave",
  description: "GNU Octave for the command line",
  packages: ["octave"],
  buildBytes: 2_000e6,
  remove: [
    ...packagingTools,
    "etc/{X11,fonts,glvnd,libibverbs.d,libnl-3,openmpi,perl,sensors*,ssh,texmf,libaudit.conf}",
    "usr/bin/{perl*,ssh*,scp,sftp,slogin,octave,aclocal*,GraphicsMagick*,gm}",
    "usr/bin/{corelist,cpan*,enc2xs,encguess,h2ph,h2xs,instmodsh,json_pp,libnetcfg,piconv,pl2pm,pod*,prove,ptar*,shasum,splain,streamzip,xsubpp,zipdetails}*",
    "usr/bin/{dh_*,*texi*,info*,makeinfo,pdftexi2dvi,texi*,orte*,ompi*,opal*,oshm*,prte*,mpi*,psm*,xdg*,X11}",
    "usr/include",
    "usr/lib/{X11,GraphicsMagick*,libpsm1,openssh,sasl2,texinfo,systemd,modules-load.d}",
    "usr/lib/*/{avahi,dri,engines-*,gio,glib-2.0,hwloc,krb5,libibverbs,openmpi,ossl-modules,perl*,pmix2,qt*,rsocket,sasl2,scotch-*,security,ucx}",
    // Windows and what draws in them.
    "usr/lib/*/lib{LLVM*,z3,Qt5*,qscintilla2*,fltk*,GLX_mesa,EGL*,gbm,glapi,drm*,harfbuzz,graphite2,xkb*,input,wacom,wayland*,xcb-*,Xft,ICE,SM}.so*",
    "usr/lib/*/octave/*/liboctgui.so*",
    "usr/lib/*/lib{double-conversion,md4c,mtdev,evdev,gudev*,pcre2-16,gio-2.0,glib-2.0,gobject*,gmodule*,gthread*,mount,blkid}.so*",
    // Sound.
    "usr/lib/*/lib{asound,jack*,portaudio*,sndfile,samplerate,FLAC,opus,vorbis*,ogg,mp3lame,mpg123}.so*",
    // Solvers for differential-algebraic equations, with what spreads them over machines.
    "usr/lib/*/lib{petsc*,trilinos*,HYPRE*,hdf5_openmpi*,scalapack*,*mumps*,superlu*,CombBLAS,GraphGenlib,Usortlib,sundials*,scotch*,ptscotch*,esmumps*,pord*}.so*",
    "usr/lib/*/lib{mpi*,mca_*,ompi*,open-*,oshmem,fabric,psm*,infinipath,uc?,ucs_signal,ibverbs,rdmacm,mlx?,mana,efa,nl-*,hwloc,munge,OpenCL,event_*}.so*",
    // Tools of the installation, and what only they need.
    "usr/lib/*/lib{perl,db-5.3,gcrypt,gpg-error,systemd,sepol,semanage,cups,avahi*,dbus*,udev,pam*,edit,fido2,cbor,crypt,yaml*,audit,cap*,elf*,sensors,fftw3l*,fftw3*_mpi,XNVCtrl,icui18n,icutu,icutest,icuio}.so*",
    "usr/sbin/{*group*,*user*,pw*,gr*,vi*,ch*passwd,cppw,mkhomedir*,pam*,shadowconfig,unix_*,faillock}",
    "usr/share/{GraphicsMagick*,X11,alsa,doc-base,drirc.d,fontconfig,fonts,gettext,glib-2.0,glvnd,libdrm,libgcrypt20,libinput,libwacom,mime,openmpi,perl,perl5,pkgconfig,qt5,tex-common,texinfo,texmf,xml,aclocal*,sounds,themes,color}",
    "usr/share/octave/*/{doc,locale,imagelib}",
  ],
  finish: [
    // What the alternatives would have chosen.
    [
      "sh",
      "-c",
      "for library in /usr/lib/*/blas/libblas.so.3 /usr/lib/*/lapack/liblapack.so.3; do ln -sf $library $(dirname $(dirname $library)); done; ldconfig",
    ],
  ],
  probes: [
    {
      argv: [
        "octave-cli",
        "--norc",
        "--silent",
        "--eval",
        "x = [2 0; 0 4] \\ [84; 4]; f = real(ifft(fft(1:4)));" +
          ' g = glpk([1; 1], [1 2], 3, [0; 0], [], "L", "CC", 1); d = delaunay([0 1 0 1], [0 0 1 1]);' +
          " s = sparse([1 2], [1 2], [3 4]) \\ [3; 4]; c = chol([4 0; 0 9]); e = eigs(speye(20), 1); q = quadgk(@(t) t, 0, 2);" +
          ' printf("%g %g %g %d %g %g %g %g %s\\n", x(1), f(4), g(2), rows(d), s(2), c(4), e, q, regexprep("a1", "[0-9]", "b"))',
      ],
      stdout: "42 4 1.5 2 1 3 1 2 ab\n",
    },
  ],
});
