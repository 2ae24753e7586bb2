#!/bin/sh
# Prints the path of the MinIO server that the tests speak to; builds it with Go where it is not there
# yet (2 to 4 minutes, once per user and version).
#
#   install-minio              the path of the binary
#   install-minio --version    the pinned version, nothing else
#
# Exit status: 0 done, 1 the build failed, 3 there is neither the binary nor Go.
set -eu

# The newest commit of github.com/minio/minio; the last releases were published as source only.
version=v0.0.0-20260212201848-7aac2a2c5b7c

if [ "${1:-}" = --version ]; then
  echo "$version"
  exit 0
fi

home=${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/s3dlio/minio/$version
minio=$home/minio
if [ -x "$minio" ]; then
  echo "$minio"
  exit 0
fi
if ! command -v go >/dev/null; then
  echo "install-minio: $minio is not there, and no go on the PATH to build it with" >&2
  exit 3
fi

mkdir -p "$home"
if command -v flock >/dev/null; then # two builds at once would only be slower
  exec 9>"$home/lock"
  flock -w 1200 9 || { echo "install-minio: another build holds $home/lock for 20 minutes" >&2; exit 1; }
  if [ -x "$minio" ]; then
    echo "$minio"
    exit 0
  fi
fi
echo "install-minio: building MinIO $version, once (2 to 4 minutes) ..." >&2
work=$(mktemp -d "$home/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
if ! CGO_ENABLED=0 GOBIN=$work go install -trimpath -ldflags='-s -w' \
  "github.com/minio/minio@$version" >"$work/log" 2>&1; then
  tail -n 20 "$work/log" >&2
  echo "install-minio: go install github.com/minio/minio@$version failed" >&2
  exit 1
fi
mv "$work/minio" "$minio" # atomic: nobody sees half a binary
echo "$minio"
