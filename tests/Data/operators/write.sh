#!/bin/bash
# Writes the cases of every operator, or of the rooms given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for room in "${@:-*.py}"; do
  for file in ${room%.py}.py; do [[ $file == cases.py ]] || PYTHONDONTWRITEBYTECODE=1 python3 "$file" > "${file%.py}.txt"; done
done
