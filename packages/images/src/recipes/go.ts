import { upon } from "../recipe.ts";
import type { Recipe } from "../recipe.ts";
import { base, base13 } from "./base.ts";

/** What only builds and tests Go itself: 200 of 500 MB. */
const trimming = [
  "usr/{lib,share}/go-*/{api,doc,misc,test,favicon.ico}",
  "usr/share/go-*/src/{cmd,*.bash,*.bat,*.rc,Make.dist,README.vendor}",
  "usr/share/go-*/src/**/{testdata,*_test.go}",
  "usr/lib/go-*/bin/gofmt",
  "usr/lib/go-*/pkg/linux_*/cmd",
  "usr/lib/go-*/pkg/tool/*/{addr2line,api,cgo,covdata,cover,dist,distpack,doc,fix,nm,objdump,pack,pprof,preprofile,test2json,tests,trace,vet}",
];

/**
 * Compiles the standard library as the catalogue's commands want it: without C. A package is taken as it
 * is when the tools, the sources and these settings are the same. From Go 1.20 on that has to be asked for
 * by GODEBUG, and otherwise happens in a cache that has to be written to.
 */
const compileLibrary = (release: string): string[] => [
  "sh",
  "-euc",
  `
export GOROOT=/usr/lib/go-${release} HOME=/tmp GOCACHE=/tmp/cache GOENV=off GO111MODULE=off GOTOOLCHAIN=local CGO_ENABLED=0 GODEBUG=installgoroot=all
go install std
rm -rf /tmp/cache /tmp/.config /tmp/go
`,
];

const probes: Recipe["probes"] = [
  {
    argv: [
      "sh",
      "-euc",
      `
mkdir /tmp/probe
cd /tmp/probe
cat >main.go <<'end'
package main

import (
	"bufio"
	"container/heap"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"os"
	"regexp"
	"sort"
	"strings"
	"sync"
	"text/template"
	"time"
)

var _ = []any{bufio.NewReader, heap.Init, json.Marshal, big.NewInt, http.Get, os.Exit, regexp.MustCompile,
	sort.Ints, strings.ToUpper, (*sync.Mutex).Lock, template.New, time.Now}

func main() { fmt.Println(6 * 7) }
end
export HOME=/tmp GOCACHE=/tmp/cache GOENV=off GO111MODULE=off GOTOOLCHAIN=local CGO_ENABLED=0 GODEBUG=installgoroot=all
go build -x -o probe ./main.go 2>commands
# The linker ran, and the compiler for this one package only.
grep -c '/compile ' commands
./probe
rm -rf /tmp/probe /tmp/cache
`,
    ],
    stdout: "1\n42\n",
  },
];

const ofRelease = (lowest: Recipe, name: string, release: string): Recipe =>
  upon(lowest, {
    name,
    description: `Go ${release} with its standard library, and bash`,
    packages: [`golang-${release}-go`],
    buildBytes: 1_500e6,
    remove: trimming,
    finish: [["ln", "-sf", `../lib/go-${release}/bin/go`, "/usr/bin/go"], compileLibrary(release)],
    probes,
  });

/** Go with its standard library compiled. */
export const go = ofRelease(base, "go", "1.19");

/** The Go of Debian 13. */
export const go124 = ofRelease(base13, "go-1.24", "1.24");
