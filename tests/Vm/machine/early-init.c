/* PID 1 of the tiny initramfs: load the modules listed in /modules.list in order,
 * mount the virtio disk, hand over to systemd. Static; any failure is printed and powers off. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void die(const char *what) {
    fprintf(stderr, "early-init: FATAL: %s: %s\n", what, strerror(errno));
    sleep(1);
    reboot(RB_POWER_OFF);
    _exit(1);
}

int main(void) {
    mount("devtmpfs", "/dev", "devtmpfs", 0, "");
    int c = open("/dev/console", O_RDWR);
    if (c >= 0) { dup2(c, 0); dup2(c, 1); dup2(c, 2); }
    FILE *f = fopen("/modules.list", "r");
    if (!f) die("/modules.list");
    char name[256];
    while (fscanf(f, "%255s", name) == 1) {
        int fd = open(name, O_RDONLY | O_CLOEXEC);
        if (fd < 0) die(name);
        if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST) die(name);
        close(fd);
    }
    fclose(f);
    for (int i = 0; access("/dev/vda", F_OK) && i < 600; i++) usleep(50000);
    if (mount("/dev/vda", "/new", "ext4", 0, "")) die("mount /dev/vda");
    if (mount("/dev", "/new/dev", NULL, MS_MOVE, NULL)) die("move /dev");
    if (chdir("/new")) die("chdir /root");
    if (mount(".", "/", NULL, MS_MOVE, NULL)) die("move root");
    if (chroot(".") || chdir("/")) die("chroot");
    execl("/sbin/init", "/sbin/init", (char *)NULL);
    die("exec /sbin/init");
}
