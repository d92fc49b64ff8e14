// Preloaded into a program, it tells .NET that the processor has dot products (FEAT_DotProd): see kernels.sh.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/auxv.h>

unsigned long getauxval(unsigned long type)
{
    unsigned long (*real)(unsigned long) = (unsigned long (*)(unsigned long))dlsym(RTLD_NEXT, "getauxval");
    return type == AT_HWCAP ? real(type) | HWCAP_ASIMDDP : real(type);
}
