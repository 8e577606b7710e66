"""Look the locked dependencies up among the known vulnerabilities: a finding is status 1, a look-up that fails is said.

No advisories can be asked for where no network leads to them. That is no reason to fail, and none to be silent.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

_SERVICES: Final = ("pypi", "osv")
_SECONDS: Final = 120
"""For all packages of one service; each request has ten."""


def audit(requirements: Path, service: str) -> list[dict[str, Any]]:
    """Return what ``service`` knows of each package; empty where it cannot be asked."""
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--requirement",
        str(requirements),
        "--vulnerability-service",
        service,
    ]
    command += ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "10"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []
    return [package for package in packages if "skip_reason" not in package]


def main() -> int:
    """Return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder) / "requirements.txt"
        export = ["export", "--quiet", "--frozen", "--no-dev", "--no-emit-project", "--all-extras"]
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, *export, "--output-file", str(requirements)], check=True, stdout=subprocess.DEVNULL)
        locked = sum("==" in line for line in requirements.read_text().splitlines())
        known, service = next(((found, name) for name in _SERVICES if (found := audit(requirements, name))), ([], ""))
    findings = [(package, vulnerability) for package in known for vulnerability in package["vulns"]]
    for package, vulnerability in findings:
        fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
        print(f"audit: {package['name']} {package['version']}: {vulnerability['id']}, fixed in {fixed}")
    if not known:
        print(f"audit: NOT DONE: no service answers for any of {locked} locked packages ({', '.join(_SERVICES)})")
    else:
        print(
            f"audit: {len(known)} of {locked} locked packages looked up at {service}: {len(findings)} vulnerabilities"
        )
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
