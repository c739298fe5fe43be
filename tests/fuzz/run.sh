#!/bin/sh
# Fuzzes one target, or all, for some minutes each; goes on from what earlier runs found.
#
#     tests/fuzz/run.sh dsl 10        # ten minutes of one
#     tests/fuzz/run.sh all 10
#
# Needs a C++ compiler. What was found stays in target/fuzz; a text that crashes, hangs for five seconds or takes 400 MiB
# is written there as crash-…, timeout-… or oom-…, and belongs into tests/cases once it is mended.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:?one of dsl, yaml, formula, project, all} minutes=${2:-10}
work=${CARGO_TARGET_DIR:-$here/../../target}/fuzz
mkdir -p "$work"
# The flags are for the targets, not for build scripts: that takes a named host.
host=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 --cfg fuzzing" \
    cargo build --release --quiet --manifest-path "$here/Cargo.toml" --target-dir "$work/build" --target "$host"
python3 "$here/corpus.py" "$work/seeds"
[ "$target" = all ] && target="dsl yaml formula project"
for each in $target; do
    mkdir -p "$work/corpus/$each"
    "$work/build/$host/release/$each" "$work/corpus/$each" "$work/seeds/$each" -max_total_time=$((minutes * 60)) -timeout=5 \
        -rss_limit_mb=400 -malloc_limit_mb=200 -max_len=8192 -len_control=50 -print_final_stats=1 -artifact_prefix="$work/$each-"
done
