#!/bin/bash
# What a reconcile finds, by the tools at hand: the restarts that the Pods of KUBECONFIG show and the Pushgateway at $1 lacks. They
# are counted, and not pushed. The peak memory of each program is appended to the file $2, in KB.
set -euo pipefail
gateway=$1 usage=$2
folder=$(mktemp --directory)
trap 'rm --recursive "$folder"' EXIT
export HOME=$folder LC_ALL=C

measured() {
  /usr/bin/time --format %M --output "$usage" --append "$@"
}

# shellcheck disable=SC2016 # The variables are those of jq.
shown='.items[] | .metadata as $m
  | (.status.initContainerStatuses[]?, .status.containerStatuses[]?, .status.ephemeralContainerStatuses[]?)
  | select(.lastState.terminated) | .lastState.terminated as $t
  | (if .state.waiting and .containerID != "" and .containerID == $t.containerID then 1 else 0 end) as $uncounted
  | "\($m.namespace)/\($m.name)/\($m.uid)/\(.name)/\(.restartCount + $uncounted)_\($t.finishedAt | fromdate)"'
stored='s|^push_time_seconds\{container="(.*)",instance="",job="pod_monitor",namespace="(.*)",pod="(.*)",restart_id="(.*)",uid="(.*)"\} .*|\2/\3/\5/\1/\4|p'

measured kubectl get pods --all-namespaces --output json | measured jq --raw-output "$shown" | sort >"$folder/shown"
measured curl --silent --show-error --fail "$gateway/metrics" | measured sed --quiet --regexp-extended "$stored" | sort >"$folder/stored"
comm -23 "$folder/shown" "$folder/stored" | wc --lines
