# SPDX-License-Identifier: MIT
"""A virtual machine with Debian's kernel, which has what the host's may lack: the drivers vivid (cameras) and snd-aloop (a
sound card). It sees the host's files, read-only, and a folder of its own to write to; it has no network but its own loopback.
"""
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "servers"))
import processes  # noqa: E402

COMMANDS = {"qemu-system-x86_64": "qemu-system-x86", "busybox": "busybox-static", "cpio": "cpio"}
_UP = "guest: up"
_KERNEL_ARGUMENTS = ("console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off nokaslr audit=0 nmi_watchdog=0 no_timer_check "
                     "tsc=reliable random.trust_cpu=on")
#: How long a processor's own virtualisation may take until the guest says that it is up; emulation gets all the time there is.
_PATIENCE = 12


class Died(Exception):
    """The guest ended without having said how its job did."""


def missing(kernel):
    """Why there can be no virtual machine here; empty when there can."""
    gone = [f"{command} (apt-get install {package})" for command, package in COMMANDS.items() if not shutil.which(command)]
    if gone:
        return "needs " + ", ".join(gone)
    if not os.access(kernel / "vmlinuz", os.R_OK):
        return f"no kernel for a virtual machine in {kernel} (./dev setup fetches one)"
    return ""


class Machine:
    """Runs one command as root in a machine that boots for it and ends with it."""

    def __init__(self, kernel, out, megabytes=2048):
        self.kernel = pathlib.Path(kernel)
        self.out = pathlib.Path(out)
        self.megabytes = megabytes
        self.accelerator = None  #: "kvm" or "tcg", once the guest is up
        self.seconds_to_boot = None

    def run(self, command, environment, seconds, line=print):
        """The command's exit code; each line of its output goes to `line` as it comes. TimeoutError, Died."""
        with tempfile.TemporaryDirectory(prefix="livepusher-vm-") as folder:
            folder = pathlib.Path(folder)
            self._make_initramfs(folder, command, environment)
            deadline = time.monotonic() + seconds
            for accelerator in ("kvm", "tcg") if os.access("/dev/kvm", os.R_OK | os.W_OK) else ("tcg",):
                if self._boot(folder, accelerator, deadline, line):
                    break
                line(f"guest: does not come up with {accelerator}: {_tail(folder / 'qemu', 1)}")
            told = self.out / ".exit"
            if not told.exists():
                if time.monotonic() >= deadline:
                    raise TimeoutError(f"the guest did not finish within {seconds} s; its kernel's last words:\n"
                                       + _tail(folder / "serial"))
                raise Died(f"the guest ended in the middle\n{_tail(folder / 'qemu')}\n{_tail(folder / 'serial')}")
            code = int(told.read_text())
            told.unlink()
            return code

    def _make_initramfs(self, folder, command, environment):
        root = folder / "initramfs"
        for name in ("bin", "dev", "proc", "sys", "host", "memory", "root"):
            (root / name).mkdir(parents=True)
        shutil.copy(shutil.which("busybox"), root / "bin/busybox")
        shutil.copytree(self.kernel / "modules", root / "modules")
        shutil.copy(HERE / "init.sh", root / "init")
        (root / "init").chmod(0o755)
        lines = ["exec </dev/null >/dev/hvc0 2>&1"]
        lines += [f"export {name}={shlex.quote(str(value))}" for name, value in environment.items()]
        lines += [f"echo {shlex.quote(_UP)}", shlex.join(map(str, command)), "echo $? >/out/.exit", "sync",
                  "echo o >/proc/sysrq-trigger", "sleep 10"]
        (root / "job").write_text("\n".join(lines) + "\n")
        names = "\n".join(str(path.relative_to(root)) for path in root.rglob("*"))
        with open(folder / "initramfs.cpio", "wb") as archive:
            subprocess.run(["cpio", "--quiet", "-o", "-H", "newc"], cwd=root, input=names.encode(), stdout=archive, check=True)

    def _boot(self, folder, accelerator, deadline, line):
        """Until the machine has ended; False when it didn't come up."""
        began = time.monotonic()
        with open(folder / "qemu", "wb") as errors:
            machine = processes.spawn(self._command(folder, accelerator), stdout=subprocess.PIPE, stderr=errors, text=True,
                                      errors="replace")
        up = threading.Event()

        def read():
            for text in machine.stdout:
                if text.strip() == _UP:
                    self.accelerator, self.seconds_to_boot = accelerator, time.monotonic() - began
                    line(f"guest: up after {self.seconds_to_boot:.1f} s, {accelerator}")
                    up.set()
                else:
                    line(text.rstrip())

        reader = threading.Thread(target=read)
        reader.start()
        try:
            while machine.poll() is None and time.monotonic() < deadline:
                if accelerator == "kvm" and not up.is_set() and time.monotonic() > began + _PATIENCE:
                    break
                time.sleep(0.05)
        finally:
            processes.end(machine)
            reader.join()
            machine.stdout.close()
        return up.is_set() or accelerator == "tcg"

    def _command(self, folder, accelerator):
        if accelerator == "kvm":
            processor = ["-accel", "kvm", "-cpu", "host", "-smp", "2"]
        else:
            # Its clock goes by the instructions that it has executed, one a nanosecond: what is loaded is the host, never the
            # guest, whose cameras and sound keep their rates. It allows one processor. Newer ones than Nehalem are emulated
            # slower, not faster.
            processor = ["-accel", "tcg,tb-size=512", "-icount", "shift=0", "-cpu", "Nehalem", "-smp",
                         "1"]
        command = ["qemu-system-x86_64", "-machine", "q35,hpet=off", *processor, "-m", self.megabytes, "-nodefaults",
                   "-no-reboot", "-display", "none", "-nic", "none",
                   "-kernel", self.kernel / "vmlinuz", "-initrd", folder / "initramfs.cpio", "-append", _KERNEL_ARGUMENTS,
                   "-serial", f"file:{folder / 'serial'}",
                   "-chardev", "stdio,id=console,signal=off", "-device", "virtio-serial-pci",
                   "-device", "virtconsole,chardev=console"]
        for tag, path, options in (("host", "/", ",readonly=on"), ("out", self.out, "")):
            command += ["-fsdev", f"local,id={tag},path={path},security_model=none,multidevs=remap{options}",
                        "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]
        return command


def _tail(path, lines=40):
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""


def main():
    """machine.py KERNEL OUT COMMAND…: by hand."""
    kernel, out, *command = sys.argv[1:]
    reason = missing(pathlib.Path(kernel))
    if reason:
        sys.exit(reason)
    sys.exit(Machine(kernel, out).run(command, {"PATH": os.environ["PATH"], "HOME": "/root"}, 600))


if __name__ == "__main__":
    main()
