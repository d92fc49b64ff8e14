namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>Who executes emitted machine code: the processor, or in tests of instructions that this processor lacks an interpreter.</summary>
internal unsafe interface ICodeRunner
{
    /// <summary>Calls the kernel at an offset of the code with one argument.</summary>
    void Call(int offset, void* arguments);
}
