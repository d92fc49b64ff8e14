using System.Runtime.InteropServices;
using Iced.Intel;
using ResNetEdge.Backends.Cpu.Emit;

namespace ResNetEdge.Tests.Fakes;

/// <summary>
/// Executes the emitted kernels instruction by instruction over this process' own memory, decoded by Iced: a processor with AVX-512 VNNI
/// and AMX on machines that have neither. Knows the instructions that the generator uses and no other: an unknown one is an error.
/// </summary>
/// <remarks>Written from the manuals' operation sections, not from the emitters, and proven by
/// running the kernels that this machine can run natively too.</remarks>
internal sealed unsafe partial class X86Interpreter : ICodeRunner, IDisposable
{
    private const int StackBytes = 64 * 1024, StackPointer = 4, Argument = 7, VectorBytes = 64, Vectors = 32;
    private static readonly int[] CalleeSaved = [3, 5, 12, 13, 14, 15];
    private readonly byte* _stack = (byte*)NativeMemory.AlignedAlloc(StackBytes, 64);
    private readonly ulong[] _general = new ulong[16]; // rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8..r15
    private readonly ulong[] _masks = new ulong[8];
    private readonly Dictionary<ulong, Instruction> _decoded = [];
    private readonly byte[] _code;
    private readonly GCHandle _pin;
    private bool _isZero, _isCarry;
    private ulong _next;

    public X86Interpreter() : this(MemoryMarshal.AsBytes(ConvAvx512.Code).ToArray())
    {
    }

    /// <param name="code">Other code than the runtime's, with the same offsets.</param>
    public X86Interpreter(byte[] code)
    {
        _code = code;
        _pin = GCHandle.Alloc(_code, GCHandleType.Pinned);
    }

    /// <summary>Instructions executed so far, by mnemonic.</summary>
    public Dictionary<Mnemonic, long> Executed { get; } = [];

    /// <summary>Calls the kernel at an offset of the generated code with one argument, as System V has it.</summary>
    /// <exception cref="InvalidOperationException">An instruction that no generator should write, or a broken calling convention.</exception>
    public void Call(int offset, void* arguments)
    {
        var random = new Random(offset);
        random.NextBytes(MemoryMarshal.AsBytes(_general.AsSpan())); // Nothing may depend on what registers held.
        random.NextBytes(_vectors);
        ulong[] before = [.. _general];
        ulong top = (ulong)_stack + StackBytes - 128;
        _general[StackPointer] = top;
        _general[Argument] = (ulong)arguments;
        Push(0);
        for (_next = Address(offset); _next != 0;)
        {
            var instruction = Decode(_next);
            _next = instruction.NextIP;
            CollectionsMarshal.GetValueRefOrAddDefault(Executed, instruction.Mnemonic, out _)++;
            Execute(in instruction);
        }

        if (_general[StackPointer] != top)
            throw new InvalidOperationException("the stack pointer was not given back");
        foreach (int register in CalleeSaved)
        {
            if (_general[register] != before[register])
                throw new InvalidOperationException($"register {register} was not given back");
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_stack);
        _pin.Free();
    }

    private ulong Address(int offset) => (ulong)_pin.AddrOfPinnedObject() + (ulong)offset;

    private Instruction Decode(ulong address)
    {
        if (_decoded.TryGetValue(address, out var known))
            return known;
        var decoder = Decoder.Create(
            64, new ByteArrayCodeReader(_code, (int)(address - Address(0)), Math.Min(15, _code.Length - (int)(address - Address(0)))), address);
        return _decoded[address] = decoder.Decode();
    }

    private void Execute(in Instruction i)
    {
        if (!ExecuteGeneral(in i) && !ExecuteVector(in i) && !ExecuteTile(in i))
            throw new InvalidOperationException($"the interpreter does not know '{i}'");
    }

    private bool ExecuteGeneral(in Instruction i)
    {
        switch (i.Mnemonic)
        {
            case Mnemonic.Push: Push(Value(in i, 0)); break;
            case Mnemonic.Pop: Set(in i, 0, Pop()); break;
            case Mnemonic.Ret: _next = Pop(); break;
            case Mnemonic.Mov: Set(in i, 0, Value(in i, 1)); break;
            case Mnemonic.Lea: Set(in i, 0, EffectiveAddress(in i)); break;
            case Mnemonic.Imul when i.OpCount == 3: Set(in i, 0, Value(in i, 1) * Value(in i, 2)); break;
            case Mnemonic.Add: Set(in i, 0, Flags(in i, Value(in i, 0) + Value(in i, 1), carry: null)); break;
            case Mnemonic.Sub: Set(in i, 0, Compare(in i)); break;
            case Mnemonic.Cmp: Compare(in i); break;
            case Mnemonic.Test: Flags(in i, Value(in i, 0) & Value(in i, 1), carry: false); break;
            case Mnemonic.Xor: Set(in i, 0, Flags(in i, Value(in i, 0) ^ Value(in i, 1), carry: false)); break;
            case Mnemonic.Dec: Set(in i, 0, Flags(in i, Value(in i, 0) - 1, carry: _isCarry)); break;
            case Mnemonic.Cmove: Set(in i, 0, _isZero ? Value(in i, 1) : Value(in i, 0)); break;
            case Mnemonic.Cmovb: Set(in i, 0, _isCarry ? Value(in i, 1) : Value(in i, 0)); break;
            case Mnemonic.Jmp: Jump(in i, true); break;
            case Mnemonic.Je: Jump(in i, _isZero); break;
            case Mnemonic.Jne: Jump(in i, !_isZero); break;
            case Mnemonic.Jb: Jump(in i, _isCarry); break;
            case Mnemonic.Jae: Jump(in i, !_isCarry); break;
            case Mnemonic.Kmovq: _masks[MaskIndex(i.Op0Register)] = Value(in i, 1); break;
            case Mnemonic.Kshiftrq: _masks[MaskIndex(i.Op0Register)] = _masks[MaskIndex(i.Op1Register)] >> i.Immediate8; break;
            case Mnemonic.Prefetcht0 or Mnemonic.Prefetcht1: break;
            default: return false;
        }

        return true;
    }

    private ulong Compare(in Instruction i)
    {
        ulong left = Value(in i, 0), right = Truncated(Value(in i, 1), Size(in i, 0));
        return Flags(in i, left - right, left < right);
    }

    /// <summary>Sets ZF and CF; an addition's carry is nothing that a kernel looks at, so it is left undefined.</summary>
    private ulong Flags(in Instruction i, ulong result, bool? carry)
    {
        result = Truncated(result, Size(in i, 0));
        _isZero = result == 0;
        _isCarry = carry ?? false;
        return result;
    }

    private void Jump(in Instruction i, bool taken)
    {
        if (taken)
            _next = i.Op0Kind == OpKind.NearBranch64 ? i.NearBranchTarget : Value(in i, 0);
    }

    private void Push(ulong value)
    {
        _general[StackPointer] -= 8;
        *(ulong*)_general[StackPointer] = value;
    }

    private ulong Pop()
    {
        ulong value = *(ulong*)_general[StackPointer];
        _general[StackPointer] += 8;
        return value;
    }

    private static int Size(in Instruction i, int operand) =>
        i.GetOpKind(operand) == OpKind.Register ? i.GetOpRegister(operand).GetSize() : i.MemorySize.GetSize();

    private static ulong Truncated(ulong value, int size) => size == 8 ? value : value & ((1UL << size * 8) - 1);

    private ulong Value(in Instruction i, int operand)
    {
        switch (i.GetOpKind(operand))
        {
            case OpKind.Register:
                var register = i.GetOpRegister(operand);
                if (!register.IsK() && !register.IsGPR32() && !register.IsGPR64())
                    throw Unknown(in i);
                return register.IsK() ? _masks[MaskIndex(register)] : Truncated(_general[GeneralIndex(register)], register.GetSize());
            case OpKind.Memory:
                byte* at = (byte*)EffectiveAddress(in i);
                return Size(in i, operand) switch { 8 => *(ulong*)at, 4 => *(uint*)at, _ => throw Unknown(in i) };
            default:
                return i.GetImmediate(operand);
        }
    }

    private void Set(in Instruction i, int operand, ulong value)
    {
        int size = Size(in i, operand);
        if (size is not (4 or 8))
            throw Unknown(in i);
        if (i.GetOpKind(operand) == OpKind.Register)
            _general[GeneralIndex(i.GetOpRegister(operand))] = Truncated(value, size); // Writing 32 bits clears the upper half.
        else if (size == 8)
            *(ulong*)EffectiveAddress(in i) = value;
        else
            *(uint*)EffectiveAddress(in i) = (uint)value;
    }

    private ulong EffectiveAddress(in Instruction i)
    {
        ulong address = i.MemoryDisplacement64; // Absolute already when relative to rip.
        if (i.MemoryBase is not (Register.None or Register.RIP))
            address += _general[GeneralIndex(i.MemoryBase)];
        return i.MemoryIndex == Register.None ? address : address + _general[GeneralIndex(i.MemoryIndex)] * (ulong)i.MemoryIndexScale;
    }

    private static InvalidOperationException Unknown(in Instruction i) => new($"the interpreter does not know this form: '{i}'");

    private static int GeneralIndex(Register register) => register.GetFullRegister() - Register.RAX;

    private static int MaskIndex(Register register) => register - Register.K0;
}
