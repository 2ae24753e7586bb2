#!/bin/sh
# Prints the path of a program that the tests speak to; gets it where it is not there yet, once per user and version:
# MinIO and fake-gcs-server are built with Go (minutes), Azurite comes with npm (half a minute, 370 MB), a Python with
# safetensors and NumPy with pip (20 seconds, 90 MB), one with what reads files of training data (half a minute, 300 MB), one
# with PyTorch (minutes, 5 GB).
#
#   install-server minio|azurite|fake-gcs-server|safetensors|formats|torch              the path of the program
#   install-server minio|azurite|fake-gcs-server|safetensors|formats|torch --version    the pinned version, nothing else
#
# Exit status: 0 done, 1 it failed, 3 there is neither the program nor the tool that gets it.
set -eu

name=${1:-}
case $name in
  minio) # the newest commit; the last releases were published as source only
    tool=go version=v0.0.0-20260212201848-7aac2a2c5b7c from=github.com/minio/minio program=minio ;;
  fake-gcs-server)
    tool=go version=v1.56.1 from=github.com/fsouza/fake-gcs-server program=fake-gcs-server ;;
  azurite)
    tool=npm version=3.37.0 from=azurite program=node_modules/.bin/azurite-blob ;;
  safetensors)
    tool=python3 version=0.8.0 from="numpy safetensors" program=venv/bin/python ;;
  formats) # the version of PyArrow; TensorBoard has a reader of TFRecord
    tool=python3 version=26.0.1 from="numpy h5py tensorboard pyarrow" program=venv/bin/python ;;
  torch) # the version of its packages that its own test was seen with
    tool=python3 version=2.15.0 from="numpy safetensors fsspec torch" program=venv/bin/python ;;
  *)
    echo "install-server: which one? minio, azurite, fake-gcs-server, safetensors, formats, torch" >&2
    exit 1 ;;
esac
if [ "${2:-}" = --version ]; then
  echo "$version"
  exit 0
fi

home=${XDG_CACHE_HOME:-${HOME:?HOME is not set}/.cache}/s3dlio/$name/$version
if [ -x "$home/$program" ]; then
  echo "$home/$program"
  exit 0
fi
if ! command -v "$tool" >/dev/null; then
  echo "install-$name: $home/$program is not there, and no $tool on the PATH to get it with" >&2
  exit 3
fi

mkdir -p "$home"
if command -v flock >/dev/null; then # two at once would only be slower
  exec 9>"$home/lock"
  flock -w 1200 9 || { echo "install-$name: another run holds $home/lock for 20 minutes" >&2; exit 1; }
  if [ -x "$home/$program" ]; then
    echo "$home/$program"
    exit 0
  fi
fi
echo "install-$name: getting $from $version with $tool, once (half a minute to 4 minutes) ..." >&2
work=$(mktemp -d "$home/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# Leaves one file or directory in $work, named as the first part of $program.
get() {
  case $tool in
    go) CGO_ENABLED=0 GOBIN=$work go install -trimpath -ldflags='-s -w' "$from@$version" ;;
    npm) npm install --prefix "$work" --no-save --no-audit --no-fund --ignore-scripts "$from@$version" ;;
    python3) # a virtual environment finds its packages wherever it is moved to
      python3 -m venv "$work/venv"
      # The last package is the pinned one; unquoted: one argument a package.
      "$work/venv/bin/python" -m pip install --disable-pip-version-check $from"==$version" ;;
  esac
}
if ! get >"$work/log" 2>&1; then
  tail -n 20 "$work/log" >&2
  echo "install-$name: $tool install $from@$version failed" >&2
  exit 1
fi
top=${program%%/*}
rm -rf "${home:?}/$top"
mv "$work/$top" "$home/$top" # atomic: nobody sees half a program
echo "$home/$program"
