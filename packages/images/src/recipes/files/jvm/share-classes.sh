#!/bin/sh
# share-classes ARCHIVE CLASSPATH ARGUMENT…: makes an archive of the classes that
# `java -cp CLASSPATH ARGUMENT…` loads, for -XX:SharedArchiveFile. The same bytes come out each time.
set -eu
archive=$1
classpath=$2
shift 2

# The archive is used only with jars of the time stamps that it knows: those that the image will have.
echo "$classpath" | tr : '\n' | xargs touch -h -d "@$SOURCE_DATE_EPOCH"
echo "$classpath" | tr : '\n' | xargs touch -d "@$SOURCE_DATE_EPOCH"

# On one processor, because the order in which threads come to memory shows in the archive.
processor=$(taskset -pc $$ | sed 's/.*: *\([0-9]*\).*/\1/')
taskset -pc "$processor" $$ > /dev/null
# And, where that is allowed, each thread until it waits: then there is no chance in it at all.
alone=
if chrt -f 1 true 2> /dev/null
then
  alone="chrt -f 1"
fi

list=/tmp/classes.list
if ! java -XX:+UseSerialGC -XX:DumpLoadedClassList="$list" -cp "$classpath" "$@" < /usr/lib/os-release > /tmp/said 2>&1
then
  cat /tmp/said >&2
  exit 1
fi
LC_ALL=C sort -u -o "$list" "$list"

# Without a just-in-time compiler and its threads; without objects of the heap, whose order is chance.
dump() {
  rm -f "$1"
  if ! $alone java -Xshare:dump -Xint -Xmx128m -XX:+UseSerialGC -XX:SharedClassListFile="$list" -XX:SharedArchiveFile="$1" \
    -cp "$classpath" > /tmp/said 2>&1
  then
    cat /tmp/said >&2
    exit 1
  fi
}

# Two in a row that are equal: what is left of chance is the exception.
dump "$archive"
for attempt in 1 2 3 4 5 6 7 8
do
  dump /tmp/again.jsa
  if cmp -s "$archive" /tmp/again.jsa
  then
    rm -f /tmp/again.jsa
    exit 0
  fi
  mv -f /tmp/again.jsa "$archive"
done
echo "the archive of classes is another one each time" >&2
exit 1
