#!/bin/sh
# assemble.sh <built> <image>: puts what was compiled in <built> beside the dependencies in <image>, and takes away the
# workspaces that the service does not use. A workspace it does use but that was not compiled is an error.
set -eu
built=$1
image=$2
cd "$image"
for link in node_modules/@loa/*; do
  workspace=$(readlink -f "$link")
  workspace=${workspace#"$image"/}
  cp -R "$built/$workspace/dist" "$workspace/dist"
done
for workspace in apps/* libs/*/* tools/*; do
  [ -d "$workspace/dist" ] || rm -r "$workspace"
done
find apps libs tools -name node_modules -prune -o -name '*.d.ts' -exec rm {} +
find apps libs tools -name .tsbuildinfo -exec rm {} +
rm package-lock.json .npmrc
# The list of topics, for the tool that creates them.
if [ -d tools/kafka ]; then
  mkdir -p infra/kafka
  cp "$built/infra/kafka/topics.json" infra/kafka/
fi
