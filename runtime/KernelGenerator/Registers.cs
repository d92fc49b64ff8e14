using System.Runtime.InteropServices;
using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;
using static Iced.Intel.AssemblerRegisters;

namespace ResNetEdge.KernelGenerator;

/// <summary>Register and field names for the emitters.</summary>
internal static class Registers
{
    /// <summary>All general registers but rsp, rdi and the walker; they hold the pixels' offsets.</summary>
    public static readonly AssemblerRegister64[] Rows = [rax, rcx, rdx, rsi, r8, r9, r10, r11, rbx, rbp, r12, r13, r14];

    /// <summary>Base of the activations plus the channels already done.</summary>
    public static readonly AssemblerRegister64 Walker = r15;

    /// <summary>Registers that the System V calling convention wants back.</summary>
    public static readonly AssemblerRegister64[] CalleeSaved = [rbx, rbp, r12, r13, r14, r15];

    public static AssemblerRegisterZMM Zmm(int i) => new((Register)((int)Register.ZMM0 + i));

    public static AssemblerRegisterYMM Ymm(int i) => new((Register)((int)Register.YMM0 + i));

    public static AssemblerRegisterXMM Xmm(int i) => new((Register)((int)Register.XMM0 + i));

    public static AssemblerRegisterK Mask(int i) => new((Register)((int)Register.K0 + i));

    public static AssemblerRegister32 Low32(AssemblerRegister64 r) => new((Register)((int)(Register)r - (int)Register.RAX + (int)Register.EAX));

    /// <summary>Offset of a field of <see cref="ConvArgs"/>.</summary>
    public static int Field(string name) => Field<ConvArgs>(name);

    /// <summary>Offset of a field of a kernel's arguments.</summary>
    public static int Field<T>(string name) => (int)Marshal.OffsetOf<T>(name);
}
