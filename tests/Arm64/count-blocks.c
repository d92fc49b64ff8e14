// A plugin of qemu's user mode: how often every translated block of instructions ran. Writes a line "address length runs" for each to the file
// that the argument out= names; instructions.pl adds them up by function. Debian packages no header for plugins: the declarations are those of
// qemu's documented interface, version 1 (docs/devel/tcg-plugins.rst).

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
enum qemu_plugin_op { QEMU_PLUGIN_INLINE_ADD_U64 };

extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);
extern void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, enum qemu_plugin_op, void *counter, uint64_t add);
extern void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void *), void *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

enum { MOST_BLOCKS = 1000000 };

// Static: qemu keeps the addresses of the counters. A block that is translated again becomes another entry of the same address.
static struct { uint64_t address, runs; size_t length; } blocks[MOST_BLOCKS];
static int used;
static char path[4096];

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *block)
{
    (void)id;
    int i = __atomic_fetch_add(&used, 1, __ATOMIC_RELAXED);
    if (i >= MOST_BLOCKS)
        abort(); // A count that is too low would pass for a fast program.
    blocks[i].address = qemu_plugin_tb_vaddr(block);
    blocks[i].length = qemu_plugin_tb_n_insns(block);
    qemu_plugin_register_vcpu_tb_exec_inline(block, QEMU_PLUGIN_INLINE_ADD_U64, &blocks[i].runs, 1);
}

static void ended(qemu_plugin_id_t id, void *unused)
{
    (void)id, (void)unused;
    FILE *file = fopen(path, "w");
    if (!file)
        abort();
    for (int i = 0; i < used; i++)
        if (blocks[i].runs)
            fprintf(file, "%" PRIx64 " %zu %" PRIu64 "\n", blocks[i].address, blocks[i].length, blocks[i].runs);
    if (fclose(file))
        abort();
}

__attribute__((visibility("default")))
int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++)
        if (!strncmp(argv[i], "out=", 4))
            snprintf(path, sizeof path, "%s", argv[i] + 4);
    if (!*path)
        return 1;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
