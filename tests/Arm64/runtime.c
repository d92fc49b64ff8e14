// What the bench puts in the place of the native half of the .NET runtime, which is not to be had for Arm64 everywhere: objects are
// allocated and never freed, one thread runs, and an exception ends the process. The managed half (System.Private.CoreLib: casts, class
// constructors, interface and generic dispatch) is compiled with the bench and does its own work. Names, layouts and calling conventions
// are those of Native AOT 9.0 (Directory.Packages.props: Arm64CompilerVersion).
//
//   bench                     runs the C# bench; exit 0 when every check passed
//   bench --mistake           compares one result that is wrong on purpose; exit 1
//   bench --pretend-dotprod   tells the C# that the processor has dot products: without them it dies of SIGILL
//
// What the compiled code refers to and nobody here defines becomes an ABSENT function in absent.inc (run.sh), which names itself and
// ends the process if it is ever called.

#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

// ---- objects: Native AOT's layouts --------------------------------------------------------------------------------------

typedef struct
{
    uint16_t component_size, flags;
    uint32_t base_size;
} method_table;

typedef struct
{
    method_table *type;
    uint32_t length; // arrays and strings
    uint16_t text[]; // strings
} object;

static const size_t heap_bytes = (size_t)8 << 30; // address space; pages are taken when touched
static uint8_t *heap, *heap_end;
static uint64_t allocated;

static _Noreturn void fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static object *allocate(method_table *type, size_t bytes)
{
    bytes = (bytes + 7) & ~(size_t)7;
    if ((size_t)(heap_end - heap) < bytes)
        fail("the heap, which is never collected, is full");
    object *o = (object *)heap;
    heap += bytes;
    allocated += bytes;
    o->type = type;
    return o;
}

object *RhpNewFast(method_table *type) { return allocate(type, type->base_size); }
object *RhpNewFinalizable(method_table *type) { return RhpNewFast(type); }

object *RhpNewArray(method_table *type, intptr_t length)
{
    if (length < 0 || length > INT32_MAX)
        fail("an array's length is negative");
    object *o = allocate(type, type->base_size + (size_t)length * type->component_size);
    o->length = (uint32_t)length;
    return o;
}

object *RhNewString(method_table *type, intptr_t length) { return RhpNewArray(type, length); }

void RhAllocateNewObject(method_table *type, uint32_t flags, object **result)
{
    (void)flags;
    *result = RhpNewFast(type);
}

void RhAllocateNewArray(method_table *type, uint32_t length, uint32_t flags, object **result)
{
    (void)flags;
    *result = RhpNewArray(type, length);
}

// Bytes before a method table that tell a collector where references lie; they are copied when a generic type is made at run time.
int32_t RhGetGCDescSize(method_table *type)
{
    enum { HAS_REFERENCES = 0x0100, WORD = 8, SERIES = 16 };
    if (!(type->flags & HAS_REFERENCES))
        return 0;
    intptr_t series = ((intptr_t *)type)[-1];
    return (int32_t)(series >= 0 ? WORD + series * SERIES : WORD + SERIES + (-series - 1) * WORD);
}

uint64_t RhGetAllocatedBytesForCurrentThread(void) { return allocated; }
void RhpGcPoll(void) {}
void RhpGcSafeZeroMemory(void *to, size_t bytes) { memset(to, 0, bytes); }
void RhBulkMoveWithWriteBarrier(void *to, const void *from, size_t bytes) { memmove(to, from, bytes); }
object *RhpCheckedXchg(object **place, object *value) { return __atomic_exchange_n(place, value, __ATOMIC_SEQ_CST); }

object *RhpCheckedLockCmpXchg(object **place, object *value, object *expected)
{
    __atomic_compare_exchange_n(place, &expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return expected;
}

// Handles: never moved, since nothing is.
static void *handles[1 << 16];
static int handle_count;

void **RhpHandleAlloc(object *o, int type)
{
    (void)type;
    if (handle_count == sizeof handles / sizeof *handles)
        fail("too many handles");
    handles[handle_count] = o;
    return &handles[handle_count++];
}

// Two handles next to each other.
void **RhpHandleAllocDependent(object *primary, object *secondary)
{
    void **handle = RhpHandleAlloc(primary, 0);
    RhpHandleAlloc(secondary, 0);
    return handle;
}

void *RhHandleGetDependent(void **handle, void **secondary)
{
    *secondary = handle[1];
    return handle[0];
}

void RhHandleSet(void **handle, object *o) { *handle = o; }
void RhHandleFree(void **handle) { *handle = NULL; }

// ---- helpers with registers of their own, and interface calls --------------------------------------------------------------

// Write barriers: x14 is where, x15 what, x13 where from; both pointers move on. Calls between C and C# need no bookkeeping here.
// An interface call comes with its cell in x11 and its arguments in place; they survive the search for the method.
__asm__(
    "    .text\n"
    "    .global RhpReversePInvoke, RhpReversePInvokeReturn, RhpPInvoke, RhpPInvokeReturn\n"
    "RhpReversePInvoke:\nRhpReversePInvokeReturn:\nRhpPInvoke:\nRhpPInvokeReturn:\n"
    "    ret\n"
    "    .global RhpAssignRefArm64, RhpCheckedAssignRefArm64, RhpByRefAssignRefArm64, RhpAssignRef\n"
    "RhpAssignRefArm64:\nRhpCheckedAssignRefArm64:\n"
    "    str x15, [x14], #8\n"
    "    ret\n"
    "RhpByRefAssignRefArm64:\n"
    "    ldr x15, [x13], #8\n"
    "    str x15, [x14], #8\n"
    "    ret\n"
    "RhpAssignRef:\n"
    "    str x1, [x0]\n"
    "    ret\n"
    "    .global RhpInitialDynamicInterfaceDispatch\n"
    "RhpInitialDynamicInterfaceDispatch:\n"
    "    stp x29, x30, [sp, #-224]!\n"
    "    mov x29, sp\n"
    "    stp x0, x1, [sp, #16]\n    stp x2, x3, [sp, #32]\n    stp x4, x5, [sp, #48]\n    stp x6, x7, [sp, #64]\n    str x8, [sp, #80]\n"
    "    stp q0, q1, [sp, #96]\n    stp q2, q3, [sp, #128]\n    stp q4, q5, [sp, #160]\n    stp q6, q7, [sp, #192]\n"
    "    mov x1, x11\n"
    "    bl find_method\n"
    "    mov x16, x0\n"
    "    ldp x0, x1, [sp, #16]\n    ldp x2, x3, [sp, #32]\n    ldp x4, x5, [sp, #48]\n    ldp x6, x7, [sp, #64]\n    ldr x8, [sp, #80]\n"
    "    ldp q0, q1, [sp, #96]\n    ldp q2, q3, [sp, #128]\n    ldp q4, q5, [sp, #160]\n    ldp q6, q7, [sp, #192]\n"
    "    ldp x29, x30, [sp], #224\n"
    "    br x16\n");

// A cell names the interface by a pointer or a relative one (the low bits tell which); the cells of one group end with one without a
// stub, which holds the slot's number.
typedef struct
{
    void *stub;
    uintptr_t interface;
} dispatch_cell;

void *RhResolveDispatch(object *o, void *interface, uint16_t slot);

// A cell for a call in code that was made generic at run time.
dispatch_cell *RhNewInterfaceDispatchCell(method_table *interface, int32_t slot)
{
    extern void RhpInitialDynamicInterfaceDispatch(void);
    dispatch_cell *cells = aligned_alloc(2 * sizeof(void *), 2 * sizeof *cells);
    if (!cells)
        fail("no memory for a dispatch cell");
    cells[0] = (dispatch_cell){ (void *)RhpInitialDynamicInterfaceDispatch, (uintptr_t)interface | 1 };
    cells[1] = (dispatch_cell){ NULL, (uintptr_t)slot };
    return cells;
}

__attribute__((used)) void *find_method(object *o, dispatch_cell *cell)
{
    enum { KIND = 3, POINTER = 1, INDIRECT = 2, RELATIVE = 3 };
    dispatch_cell *last = cell;
    while (last->stub)
        last++;
    uint8_t *here = (uint8_t *)&cell->interface;
    int32_t distance = (int32_t)(cell->interface & ~(uintptr_t)KIND);
    void *interface = NULL;
    switch (cell->interface & KIND)
    {
    case POINTER: interface = (void *)(cell->interface & ~(uintptr_t)KIND); break;
    case INDIRECT: interface = *(void **)(here + distance); break;
    case RELATIVE: interface = here + distance; break;
    default: fail("an interface call of an unknown kind");
    }
    void *method = RhResolveDispatch(o, interface, (uint16_t)last->interface);
    if (!method)
        fail("an interface call finds no method");
    return method;
}

// ---- modules: sections of the compiled image by number ------------------------------------------------------------------------

typedef struct
{
    uint32_t signature;
    uint16_t major, minor;
    uint32_t flags;
    uint16_t sections;
    uint8_t entry_size, entry_type;
} module_header;

typedef struct
{
    int32_t id, flags; // flag 1: has an end
    uint8_t *start, *end;
} module_section;

module_header *RhpCreateTypeManager(void *image, module_header *header, void **functions, uint32_t count)
{
    (void)image, (void)functions, (void)count;
    return header;
}

void *RhpGetModuleSection(module_header **module, int32_t id, int32_t *length)
{
    module_section *section = (module_section *)(*module + 1);
    for (int i = 0; i < (*module)->sections; i++, section++)
    {
        if (section->id != id)
            continue;
        *length = section->flags & 1 ? (int32_t)(section->end - section->start) : (int32_t)sizeof(void *);
        return section->start;
    }
    *length = 0;
    return NULL;
}

int32_t RhFindBlob(module_header **module, uint32_t id, void **blob, uint32_t *bytes)
{
    enum { FIRST_BLOB = 300 };
    int32_t length;
    *blob = RhpGetModuleSection(module, FIRST_BLOB + (int32_t)id, &length);
    *bytes = (uint32_t)length;
    return *blob != NULL;
}

void RhpRegisterOsModule(void *image) { (void)image; }
void *RhRegisterFrozenSegment(void *start, size_t bytes, size_t committed, size_t reserved)
{
    (void)bytes, (void)committed, (void)reserved;
    return start;
}

// Where the thread's own statics hang: one thread, one place.
void **RhGetThreadStaticStorage(void)
{
    static void *storage;
    return &storage;
}

void RhUpdateFrozenSegment(void *segment, void *end, void *committed) { (void)segment, (void)end, (void)committed; }
void RhRegisterInlinedThreadStaticRoot(void *root, void *module) { (void)root, (void)module; }

// ---- the rest of what a single thread meets ----------------------------------------------------------------------------------

// Bits of the code generator's own numbering for Arm64 in .NET 9.
enum { FEATURE_DOTPROD = 0x8, FEATURE_RDM = 0x10 };
enum { HWCAP_BIT_RDM = 12, HWCAP_BIT_DOTPROD = 20 };
int32_t g_cpuFeatures;
uint32_t RhpTrapThreads;
uint64_t __security_cookie = 0x1234ABCD5678EF01u;

uint64_t RhCurrentOSThreadId(void) { return 1; }
int32_t RhGetProcessCpuCount(void) { return 1; }
int32_t RhGetGeneration(object *o) { (void)o; return 0; }
uint32_t RhGetKnobValues(char ***names, char ***values)
{
    *names = *values = NULL;
    return 0;
}
void RhSetThreadExitCallback(void *callback) { (void)callback; }
void RhSuppressFinalize(object *o) { (void)o; }
void RhReRegisterForFinalize(object *o) { (void)o; }
void RhSpinWait(int32_t turns) { (void)turns; }
// The whole address space: how deep the stack may grow is left to the system.
void RhGetCurrentThreadStackBounds(void **low, void **high)
{
    *low = NULL;
    *high = (void *)INTPTR_MAX;
}
int32_t RhYield(void) { return 0; }

// Nanoseconds. The core library measures with it before it starts, and a clock that stands still keeps it measuring.
uint64_t SystemNative_GetTimestamp(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t RhpGetTickCount64(void) { return SystemNative_GetTimestamp() / 1000000; }

void *SystemNative_AlignedAlloc(size_t alignment, size_t bytes) { return aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment); }
void SystemNative_AlignedFree(void *memory) { free(memory); }
void *SystemNative_Malloc(size_t bytes) { return malloc(bytes); }
void SystemNative_Free(void *memory) { free(memory); }

// Objects that are never collected anyway; only private anonymous memory is asked for.
void *SystemNative_MMap(void *at, uint64_t bytes, int32_t protection, int32_t flags, intptr_t file, int64_t offset)
{
    (void)protection, (void)flags, (void)file, (void)offset;
    void *memory = mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

int32_t SystemNative_MProtect(void *at, uint64_t bytes, int32_t protection)
{
    (void)at, (void)bytes, (void)protection;
    return 0;
}

_Noreturn void SystemNative_Abort(void) { fail("the managed runtime gave up"); }
int32_t SystemNative_GetErrNo(void) { return errno; }
void SystemNative_SetErrNo(int32_t error) { errno = error; }
char *SystemNative_GetEnv(const char *name) { return getenv(name); }
// There are no files.
int32_t SystemNative_Stat(const char *path, void *status) { (void)path, (void)status, errno = ENOENT; return -1; }
int32_t SystemNative_ConvertErrorPlatformToPal(int32_t error) { (void)error; return 0x1002D; } // ENOENT in .NET's numbers
int32_t SystemNative_LStat(const char *path, void *status) { return SystemNative_Stat(path, status); }
int32_t SystemNative_SchedGetCpu(void) { return 0; }
void SystemNative_LogError(const uint8_t *text, int32_t length) { fwrite(text, 1, (size_t)length, stderr); }
void *SystemNative_LowLevelMonitor_Create(void) { return &heap; }
void SystemNative_LowLevelMonitor_Acquire(void *monitor) { (void)monitor; }
void SystemNative_LowLevelMonitor_Release(void *monitor) { (void)monitor; }
void SystemNative_LowLevelMonitor_Signal_Release(void *monitor) { (void)monitor; }
void SystemNative_GetNonCryptographicallySecureRandomBytes(uint8_t *bytes, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)(i * 17); // seeds of hash codes: the same in every run
}

// The second word of an exception is its message, when its maker gave one.
_Noreturn void RhpThrowEx(object *exception)
{
    object *message = ((object **)exception)[1];
    fputs("bench: ", stderr);
    for (uint32_t i = 0; message && i < message->length; i++)
        fputc(message->text[i] < 128 ? message->text[i] : '?', stderr);
    fprintf(stderr, " (an exception of the class at %p)\n", (void *)exception->type);
    exit(1);
}

_Noreturn void RhpRethrow(object *exception) { RhpThrowEx(exception); }

#define ABSENT(name) \
    _Noreturn void name(void) \
    { \
        fprintf(stderr, "bench: called from %p\n", __builtin_return_address(0)); \
        fail("the stand-in runtime has no " #name); \
    }
#include "absent.inc"

// ---- start --------------------------------------------------------------------------------------------------------------------

static void crashed(int number, siginfo_t *info, void *context)
{
    mcontext_t *registers = &((ucontext_t *)context)->uc_mcontext;
    fprintf(stderr, "bench: signal %d at %llx, called from %llx, address %p\n", number, (unsigned long long)registers->pc,
        (unsigned long long)registers->regs[30], info->si_addr);
    _exit(128 + number);
}

static void write_text(const uint8_t *text, int32_t length)
{
    fwrite(text, 1, (size_t)length, stdout);
    fflush(stdout);
}

void InitializeModules(void *image, void **headers, int32_t count, void **functions, int32_t function_count);
void __managed__Startup(void);
int32_t bench_main(void (*write)(const uint8_t *, int32_t), int32_t mistake);
extern void *__start___modules[], *__stop___modules[];

int main(int argc, char **argv)
{
    int mistake = argc == 2 && !strcmp(argv[1], "--mistake"), pretend = argc == 2 && !strcmp(argv[1], "--pretend-dotprod");
    if (argc != 1 && !mistake && !pretend)
        fail("no such option");

    struct sigaction action = { .sa_sigaction = crashed, .sa_flags = SA_SIGINFO };
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGILL, &action, NULL);
    sigaction(SIGTERM, &action, NULL); // run.sh's limit: says where it hung

    unsigned long capabilities = getauxval(AT_HWCAP);
    g_cpuFeatures = (pretend || capabilities >> HWCAP_BIT_DOTPROD & 1 ? FEATURE_DOTPROD : 0) | (capabilities >> HWCAP_BIT_RDM & 1 ? FEATURE_RDM : 0);

    heap = mmap(NULL, heap_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (heap == MAP_FAILED)
        fail("no memory for the heap");
    heap_end = heap + heap_bytes;
    heap += sizeof(void *); // an object's header lies before it

    InitializeModules(&heap, __start___modules, (int32_t)(__stop___modules - __start___modules), NULL, 0);
    __managed__Startup();
    return bench_main(write_text, mistake);
}
