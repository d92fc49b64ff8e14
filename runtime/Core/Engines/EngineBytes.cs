using System.Runtime.InteropServices;
using ResNetEdge.Model;

namespace ResNetEdge.Engines;

/// <summary>Feeding and reading an engine by bytes, for callers that handle values of any element type alike. Allocates nothing.</summary>
internal static class EngineBytes
{
    /// <summary>Copies a whole input, row-major in the model's own shape and element type.</summary>
    public static void SetInputBytes(this IEngine engine, int index, ReadOnlySpan<byte> values)
    {
        switch (engine.Inputs[index].Type)
        {
            case ElementType.Float32: engine.SetInput(index, MemoryMarshal.Cast<byte, float>(values)); break;
            case ElementType.UInt8: engine.SetInput(index, values); break;
            case ElementType.Int8: engine.SetInput(index, MemoryMarshal.Cast<byte, sbyte>(values)); break;
            case ElementType.Int32: engine.SetInput(index, MemoryMarshal.Cast<byte, int>(values)); break;
            case ElementType.Int64: engine.SetInput(index, MemoryMarshal.Cast<byte, long>(values)); break;
            case ElementType.Bool: engine.SetInput(index, MemoryMarshal.Cast<byte, bool>(values)); break;
            case ElementType.Float64: engine.SetInput(index, MemoryMarshal.Cast<byte, double>(values)); break;
            case ElementType.Float16: engine.SetInput(index, MemoryMarshal.Cast<byte, Half>(values)); break;
            case ElementType.Int16: engine.SetInput(index, MemoryMarshal.Cast<byte, short>(values)); break;
            case ElementType.UInt16 or ElementType.BFloat16: engine.SetInput(index, MemoryMarshal.Cast<byte, ushort>(values)); break;
            case ElementType.UInt32: engine.SetInput(index, MemoryMarshal.Cast<byte, uint>(values)); break;
            case ElementType.UInt64: engine.SetInput(index, MemoryMarshal.Cast<byte, ulong>(values)); break;
            default: throw Unsupported(engine.Inputs[index]);
        }
    }

    /// <summary>Gives a whole input, of its own type or one that stands for it.</summary>
    /// <param name="engine">Gets it.</param>
    /// <param name="index">Number of the input.</param>
    /// <param name="type">A type that stands for the input's.</param>
    /// <param name="values">Row-major elements.</param>
    public static void SetInputBytes(this IEngine engine, int index, ElementType type, ReadOnlySpan<byte> values)
    {
        if (type == ElementType.Float32) engine.SetInput(index, MemoryMarshal.Cast<byte, float>(values));
        else engine.SetInputBytes(index, values);
    }

    /// <summary>Copies a whole output, row-major in the model's own shape and element type.</summary>
    public static void GetOutputBytes(this IEngine engine, int index, Span<byte> values)
    {
        switch (engine.Outputs[index].Type)
        {
            case ElementType.Float32: engine.GetOutput(index, MemoryMarshal.Cast<byte, float>(values)); break;
            case ElementType.UInt8: engine.GetOutput(index, values); break;
            case ElementType.Int8: engine.GetOutput(index, MemoryMarshal.Cast<byte, sbyte>(values)); break;
            case ElementType.Int32: engine.GetOutput(index, MemoryMarshal.Cast<byte, int>(values)); break;
            case ElementType.Int64: engine.GetOutput(index, MemoryMarshal.Cast<byte, long>(values)); break;
            case ElementType.Bool: engine.GetOutput(index, MemoryMarshal.Cast<byte, bool>(values)); break;
            case ElementType.Float64: engine.GetOutput(index, MemoryMarshal.Cast<byte, double>(values)); break;
            case ElementType.Float16: engine.GetOutput(index, MemoryMarshal.Cast<byte, Half>(values)); break;
            case ElementType.Int16: engine.GetOutput(index, MemoryMarshal.Cast<byte, short>(values)); break;
            case ElementType.UInt16 or ElementType.BFloat16: engine.GetOutput(index, MemoryMarshal.Cast<byte, ushort>(values)); break;
            case ElementType.UInt32: engine.GetOutput(index, MemoryMarshal.Cast<byte, uint>(values)); break;
            case ElementType.UInt64: engine.GetOutput(index, MemoryMarshal.Cast<byte, ulong>(values)); break;
            default: throw Unsupported(engine.Outputs[index]);
        }
    }

    /// <summary>Bytes of a value.</summary>
    public static int ByteCount(this TensorInfo info) => checked(info.Shape.ElementCount * info.Type.Size());

    private static EdgeException Unsupported(TensorInfo info) =>
        EdgeException.Unavailable($"'{info.Name}' has element type {info.Type}, which this program cannot feed or read");
}
