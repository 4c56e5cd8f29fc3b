# SPDX-License-Identifier: MIT
"""Certificate authorities and certificates, made in a test's own directory."""
import datetime

from harness import run


def authority(directory, name):
    run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem",
         "-days", "2", "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE",
         "-addext", "keyUsage=critical,keyCertSign"], cwd=directory)
    return directory / f"{name}.pem"


def certificate(directory, issuer, names, days=None):
    """(certificate, key) for `names`, as in "IP:127.0.0.1,DNS:localhost".

    `days`: valid from the first to the second of these, counted from now; two days from now where there are none.
    """
    run(["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr",
         "-subj", "/CN=server"], cwd=directory)
    (directory / "server.ext").write_text(f"subjectAltName={names}\nextendedKeyUsage=serverAuth\n")
    if days:
        _sign(directory, issuer, days)
        return directory / "server.pem", directory / "server.key"
    run(["openssl", "x509", "-req", "-in", "server.csr", "-CA", issuer, "-CAkey", issuer.with_suffix(".key"),
         "-CAcreateserial", "-days", "2", "-extfile", "server.ext", "-out", "server.pem"], cwd=directory)
    return directory / "server.pem", directory / "server.key"


def _sign(directory, issuer, days):
    """As a real authority does, which can say from when on it holds."""
    (directory / "index.txt").write_text("")
    (directory / "serial").write_text("01\n")
    (directory / "ca.cnf").write_text("""[ca]
default_ca = it
[it]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
""")
    now = datetime.datetime.now(datetime.timezone.utc)
    begin, end = ((now + datetime.timedelta(days=day)).strftime("%Y%m%d%H%M%SZ") for day in days)
    run(["openssl", "ca", "-batch", "-config", "ca.cnf", "-cert", issuer, "-keyfile", issuer.with_suffix(".key"), "-in", "server.csr",
         "-extfile", "server.ext", "-startdate", begin, "-enddate", end, "-notext", "-out", "server.pem"], cwd=directory)
