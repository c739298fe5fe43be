#!/bin/sh
# The same bytes, whatever the threads: 20 runs of `peil eval` of the 40 figures with each of 1, 2 and 4 threads,
# over the same files; one hash of the output is the pass.
#
#     python3 benches/answers.py 10000000 data/10m
#     benches/threads.sh target/release/peil data/10m/random [RUNS]
#
# The project is the one of eval40.py.
set -eu
peil=$1
data=$2
runs=${3:-20}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -c "import pathlib, sys; sys.path.insert(0, '$here'); import eval40; eval40.project(pathlib.Path('$work'))"

for threads in 1 2 4; do
  run=0
  while [ "$run" -lt "$runs" ]; do
    "$peil" eval "$work" --data "$data" --by segment,channel,region --grain month --format csv \
      --today 2025-01-01 --threads "$threads" > "$work/out"
    [ "$(wc -l < "$work/out")" -gt 40 ] || { echo "no figures" >&2; exit 1; }
    printf '%s  %s threads, %s bytes\n' "$(sha256sum < "$work/out" | cut -d' ' -f1)" "$threads" "$(wc -c < "$work/out")"
    run=$((run + 1))
  done
done > "$work/hashes"

sort "$work/hashes" | uniq -c
if [ "$(cut -d' ' -f1 "$work/hashes" | sort -u | wc -l)" -eq 1 ]; then
  echo "one hash"
else
  echo "different bytes" >&2
  exit 1
fi
