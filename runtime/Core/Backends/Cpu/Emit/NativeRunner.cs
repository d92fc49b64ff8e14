namespace ResNetEdge.Backends.Cpu.Emit;

/// <summary>The processor.</summary>
internal sealed unsafe class NativeRunner : ICodeRunner
{
    public static NativeRunner Instance { get; } = new();

    /// <inheritdoc/>
    public void Call(int offset, void* arguments) => ((delegate* unmanaged<void*, void>)EmittedCode.At(offset))(arguments);
}
