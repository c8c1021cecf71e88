#!/bin/sh
# DLion from an installation. In a package (`./dlion package`) this is bin/dlion, with the jars in lib/app and a Java in
# lib/java. Elsewhere it runs the jars that a build leaves in cli/target/app, with a Java 25 on the PATH. It builds nothing.
#
#   DLION_APP            the folder of the jars, if not ../lib/app beside this script
#   DLION_AOT_CACHE      a file that `dlion rehearse` makes, and that makes later starts faster; in a package lib/dlion.aot
#   DLION_NATIVE_CACHE   where libtorch's libraries are unpacked; must be writable
#   DLION_JAVA_OPTS      further options for the Java virtual machine
set -eu
fail() {
  echo "dlion: $*" >&2
  exit 1
}
# Where this script lies, behind any symbolic links.
script=$0
while [ -L "$script" ]; do
  target=$(readlink "$script")
  case $target in
    /*) script=$target ;;
    *) script=$(dirname "$script")/$target ;;
  esac
done
root=$(CDPATH='' cd -- "$(dirname -- "$script")/.." && pwd -P)
app=${DLION_APP:-$root/lib/app}
ls "$app"/dlion-*.jar >/dev/null 2>&1 ||
  fail "no DLion in $app: copy a build's cli/target/app there, or set DLION_APP to where it is"
rehearsed=${DLION_AOT_CACHE:-}
if [ -r "$root/lib/platform" ]; then # a package, which has its own Java
  platform=$(cat "$root/lib/platform")
  here=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)
  [ "$here" = "$platform" ] ||
    fail "this package is for $platform and this machine is $here: make one there, with ./dlion package in a checkout"
  java=$root/lib/java/bin/java
  [ -x "$java" ] || fail "no Java in $root/lib/java: the package is incomplete; unpack it again"
  [ -e /lib64/ld-linux-x86-64.so.2 ] || [ -e /lib/ld-linux-aarch64.so.1 ] ||
    fail "needs a Linux with glibc, and this one has none (Alpine and others with musl will not do)"
  rehearsed=${rehearsed:-$root/lib/dlion.aot}
else
  java=java
  command -v java >/dev/null || fail "needs a Java 25 or later on the PATH and found none"
  version=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  [ "${version:-0}" -ge 25 ] || fail "needs a Java 25 or later and found ${version:-an unknown one}: $(command -v java)"
fi
# Named one by one, in an order that does not depend on the folder: what was rehearsed is valid for this order only.
classpath=$(
  LC_ALL=C
  for jar in "$app"/*.jar; do printf '%s:' "$jar"; done
)
aot=
if [ "$*" = rehearse ]; then
  [ -n "$rehearsed" ] || fail "set DLION_AOT_CACHE to a file to write, and set it in later starts, too"
  touch "$rehearsed" 2>/dev/null || fail "cannot write $rehearsed: set DLION_AOT_CACHE to a file that you can write"
  rm -f "$rehearsed"
  aot=-XX:AOTCacheOutput=$rehearsed
elif [ -n "$rehearsed" ] && [ -e "$rehearsed" ]; then
  aot=-XX:AOTCache=$rehearsed
fi
case ${1:-} in
  # An emulator keeps many workers in one heap, and room for the young saves it a quarter of the time.
  check | emulate | plan | reproduce | tune) flags="-XX:NewSize=256m -XX:MaxNewSize=256m" ;;
  # A worker's loops are compiled as soon as ever, what else it does ten times later: the processor is for gradients.
  *) flags="-XX:NewSize=32m -XX:MaxNewSize=128m -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=20000
    -XX:Tier4CompileThreshold=100000" ;;
esac
cache=${DLION_NATIVE_CACHE:-${HOME:-/tmp}/.javacpp/cache}
# Java reads file names, arguments and output in the encoding of the locale, and takes one that is not installed (in a
# container, over ssh) for ASCII. The first locale with UTF-8 that is here takes its place.
locale=C.UTF-8
here=$( (locale -a | grep -i 'utf-*8$') 2>/dev/null) || true
for name in C.UTF-8 "${LC_ALL:-${LC_CTYPE:-${LANG:-C}}}" en_US.UTF-8 $here; do
  if [ "$(LC_ALL=$name locale charmap 2>/dev/null)" = UTF-8 ]; then
    locale=$name
    break
  fi
done
export LC_ALL="$locale"
# An arena of malloc for each thread: glibc would let those beyond eight a core share, and what other threads allocate between
# tensors scatters these over a quarter more memory.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-64}"
# What to type to run this again, for the hints at the end of a run.
command=$0
[ "$(command -v dlion || true)" != "$0" ] || command=dlion
# The flags and DLION_JAVA_OPTS are meant to be split into words.
# shellcheck disable=SC2086
start() {
  exec "$java" --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:-UsePerfData $flags \
    ${aot:+"$aot" "-Xlog:aot*=off" "-Xlog:cds*=off"} "-Djava.awt.headless=true" \
    "-Dorg.bytedeco.javacpp.cachedir=$cache" "-Ddlion.command=$command" ${DLION_JAVA_OPTS:-} \
    -cp "$classpath" io.dlion.cli.Main "$@"
}
if [ "$*" != rehearse ]; then
  start "$@"
fi
echo "Rehearsing for half a minute …"
said=$( (start rehearse) 2>&1) && [ -e "$rehearsed" ] || fail "the rehearsal failed: $said"
echo "Later starts will be faster."
