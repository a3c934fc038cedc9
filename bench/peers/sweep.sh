#!/bin/bash
# A sweep by the tools at hand: deletes the records in the Pushgateway at $1 of restarts before $3, in Unix seconds, and prints how
# many. The peak memory of each program is appended to the file $2, in KB.
set -euo pipefail
gateway=$1 usage=$2 before=$3
deletions=$(mktemp)
trap 'rm "$deletions"' EXIT

measured() {
  /usr/bin/time --format %M --output "$usage" --append "$@"
}

# shellcheck disable=SC2016 # The variables are those of jq.
expired='.data[].labels | select(.job == "pod_monitor" and .restart_id and (.restart_id | split("_")[1] | tonumber) < $before)
  | "url = \"\($gateway)/metrics/job/pod_monitor/namespace/\(.namespace)/pod/\(.pod)/uid/\(.uid)/container/\(.container)/restart_id/\(.restart_id)\""'

measured curl --silent --show-error --fail "$gateway/api/v1/metrics" |
  measured jq --raw-output --argjson before "$before" --arg gateway "$gateway" "$expired" >"$deletions"
measured curl --no-progress-meter --fail --parallel --parallel-max 16 --request DELETE --config "$deletions"
wc --lines <"$deletions"
