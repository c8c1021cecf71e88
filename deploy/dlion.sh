#!/bin/sh
# DLion from an installation: the jars that a build leaves in cli/target/app, and a Java 25 on the PATH. Unlike ./dlion in
# a source checkout it builds nothing.
#
#   DLION_APP            the folder of the jars
#   DLION_AOT_CACHE      a file that `dlion rehearse` makes there, and that makes later starts faster
#   DLION_NATIVE_CACHE   where libtorch's libraries are unpacked; must be writable
#   DLION_JAVA_OPTS      further options for the Java virtual machine
set -eu
fail() {
  echo "dlion: $*" >&2
  exit 1
}
app=${DLION_APP:-/opt/dlion/app}
ls "$app"/dlion-*.jar >/dev/null 2>&1 ||
  fail "no DLion in $app: copy a build's cli/target/app there, or set DLION_APP to where it is"
command -v java >/dev/null || fail "needs a Java 25 or later on the PATH and found none"
version=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
[ "${version:-0}" -ge 25 ] || fail "needs a Java 25 or later and found ${version:-an unknown one}: $(command -v java)"
cache=${DLION_NATIVE_CACHE:-${HOME:-/tmp}/.javacpp/cache}
rehearsed=${DLION_AOT_CACHE:-}
aot=
if [ -n "$rehearsed" ] && [ "$*" = rehearse ]; then
  aot=-XX:AOTCacheOutput=$rehearsed
elif [ -n "$rehearsed" ] && [ -e "$rehearsed" ]; then
  aot=-XX:AOTCache=$rehearsed
fi
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
# DLION_JAVA_OPTS is meant to be split into words.
# shellcheck disable=SC2086
exec java --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:NewSize=32m -XX:MaxNewSize=128m -XX:-UsePerfData \
  -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=20000 -XX:Tier4CompileThreshold=100000 \
  ${aot:+"$aot" "-Xlog:aot*=off" "-Xlog:cds*=off"} \
  "-Dorg.bytedeco.javacpp.cachedir=$cache" "-Ddlion.command=$command" ${DLION_JAVA_OPTS:-} -cp "$app/*" io.dlion.cli.Main "$@"
