# SPDX-License-Identifier: MIT
"""Certificate authorities and certificates, made in a test's own directory."""
from harness import run


def authority(directory, name):
    run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem",
         "-days", "2", "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE",
         "-addext", "keyUsage=critical,keyCertSign"], cwd=directory)
    return directory / f"{name}.pem"


def certificate(directory, issuer, names):
    """(certificate, key) for `names`, as in "IP:127.0.0.1,DNS:localhost"."""
    run(["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr",
         "-subj", "/CN=server"], cwd=directory)
    (directory / "server.ext").write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")
    run(["openssl", "x509", "-req", "-in", "server.csr", "-CA", issuer, "-CAkey", issuer.with_suffix(".key"),
         "-CAcreateserial", "-days", "2", "-extfile", "server.ext", "-out", "server.pem"], cwd=directory)
    return directory / "server.pem", directory / "server.key"
