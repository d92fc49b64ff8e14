using System.Runtime.InteropServices;
using ResNetEdge.Model;
using ResNetEdge.Plans;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Engines;

/// <summary>What callers give and get, to and from the host memory in which a plan's inputs and outputs lie. Allocates nothing when used.</summary>
internal sealed unsafe class PlanEdges
{
    private readonly PlannedNetwork _network;
    private readonly nint[] _inputs, _outputs;

    /// <param name="network">The plan and what callers see of it.</param>
    /// <param name="inputs">By the input's number: what its place in the plan counts from.</param>
    /// <param name="outputs">The same for outputs.</param>
    public PlanEdges(PlannedNetwork network, PlaceBase inputs, PlaceBase outputs)
    {
        _network = network;
        _inputs = [.. network.Inputs.Select((_, i) => (nint)inputs(i))];
        _outputs = [.. network.Outputs.Select((_, i) => (nint)outputs(i))];
    }

    /// <summary>Where an arena that holds the value's storage would begin.</summary>
    internal delegate byte* PlaceBase(int index);

    /// <inheritdoc cref="IEngine.SetInput"/>
    public void SetInput<T>(int index, ReadOnlySpan<T> values) where T : unmanaged
    {
        var (info, input, given) = (_network.Inputs[index], _network.Plan.Inputs[index], ElementTypes.Of<T>());
        if (!given.StandsFor(info.Type) || values.Length != info.Shape.ElementCount)
            throw new ArgumentException($"{values.Length} values of {typeof(T).Name} for input '{info.Name}', which is {info.Type}[{info.Shape}]");
        var bytes = MemoryMarshal.AsBytes(values);
        byte* to = (byte*)_inputs[index] + input.Buffer.Offset;
        // Bits of BFloat16 come as UInt16.
        var from = given == ElementType.UInt16 ? info.Type : given;
        if (input.Layout == Layout.Nhwc) FillImages(index, from, bytes);
        else if (from == input.Info.Type) bytes.CopyTo(new Span<byte>(to, bytes.Length));
        else EdgeFloats.Widen(from, bytes, new Span<float>(to, values.Length));
    }

    /// <inheritdoc cref="IEngine.ImageInput"/>
    public InputBuffer ImageInput(int index, int image = 0)
    {
        var input = _network.Plan.Inputs[index];
        var shape = input.Info.Shape;
        byte* start = (byte*)_inputs[index];
        if (!PlainImage.Takes(input.Info)) throw EdgeException.BadInput($"input '{input.Info.Name}' ({input.Info.Type}[{shape}]) is not a picture");
        if (input.Layout == Layout.Plain) return PlainImage.Of(start + input.Buffer.Offset, input.Info, image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)image, (uint)shape[0]);
        var place = input.Buffer.Placement;
        int size = input.Buffer.Type.Size();
        return new InputBuffer
        {
            Data = start + place.Offset + image * place.ImageStride,
            Type = input.Buffer.Type,
            Channels = shape[1],
            Height = shape[2],
            Width = shape[3],
            ChannelStride = size,
            RowStride = place.RowStride,
            PixelStride = place.PixelStride,
            Steps = input.Steps,
        };
    }

    /// <inheritdoc cref="IModelOutputs.GetOutput"/>
    public void GetOutput<T>(int index, Span<T> values) where T : unmanaged
    {
        var (info, (made, buffer, layout, _), wanted) = (_network.Outputs[index], _network.Plan.Outputs[index], ElementTypes.Of<T>());
        if (!wanted.StandsFor(info.Type) || values.Length != info.Shape.ElementCount)
            throw new ArgumentException(
                $"a buffer of {values.Length} values of {typeof(T).Name} for output '{info.Name}', which is {info.Type}[{info.Shape}]");
        var bytes = MemoryMarshal.AsBytes(values);
        byte* start = (byte*)_outputs[index];
        var to = wanted == ElementType.UInt16 ? info.Type : wanted;
        if (layout == Layout.Nhwc) ArenaImages.CopyToNchw(start, buffer, to, bytes);
        else if (to == made.Type) new ReadOnlySpan<byte>(start + buffer.Offset, bytes.Length).CopyTo(bytes);
        else EdgeFloats.Narrow(to, new ReadOnlySpan<float>(start + buffer.Offset, values.Length), bytes);
    }

    /// <summary>N C H W floats into the form in which the plan wants the pictures: channels innermost, maybe quantised.</summary>
    private void FillImages(int index, ElementType type, ReadOnlySpan<byte> values)
    {
        int images = _network.Inputs[index].Shape[0], bytes = values.Length / images;
        for (int n = 0; n < images; n++)
        {
            var image = ImageInput(index, n);
            var part = values.Slice(n * bytes, bytes);
            if (type is ElementType.UInt8 or ElementType.Int8) ArenaImages.FillBytes(image, type, part);
            else ArenaImages.Fill(image, type, part);
        }
    }
}
