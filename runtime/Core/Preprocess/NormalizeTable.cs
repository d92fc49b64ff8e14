using ResNetEdge.Model;
using ResNetEdge.Steps;

namespace ResNetEdge.Preprocess;

/// <summary>
/// What each of the 256 values of a resized picture becomes in the model's input, per channel: x / 255 − mean, divided by std, all in float32
/// in this order as NumPy and torch compute it; quantised inputs: clamp(roundToEven(x / scale) + zeroPoint, 0, 255) of that, in s8 less 128.
/// </summary>
internal sealed class NormalizeTable
{
    private const int Values = 256;
    private const byte SignBit = 0x80; // turning it subtracts 128

    private readonly float[] _floats; // [channels][256]
    private readonly byte[] _bytes; // [channels][256]; empty for a float32 input

    /// <summary>Computes the table of a model's input.</summary>
    /// <param name="spec">Checked by <see cref="Preprocessor"/>.</param>
    /// <param name="input">Its type and steps count.</param>
    public NormalizeTable(PreprocessSpec spec, in InputBuffer input)
    {
        _floats = new float[spec.Channels * Values];
        _bytes = input.Type == ElementType.Float32 ? [] : new byte[_floats.Length];
        byte sign = input.Type == ElementType.Int8 ? SignBit : (byte)0;
        for (int i = 0; i < _floats.Length; i++)
        {
            int channel = i / Values;
            float value = (((i % Values) / 255f) - spec.Mean[channel]) / spec.Std[channel];
            _floats[i] = value;
            if (_bytes.Length > 0)
            {
                _bytes[i] = (byte)(Requantize.Quantize(value, input.Steps!.Scales[channel], input.Steps.ZeroPoints[channel]) ^ sign);
            }
        }
    }

    /// <summary>Float32 values of a channel's 256 pixel values.</summary>
    public ReadOnlySpan<float> Floats(int channel) => _floats.AsSpan(channel * Values, Values);

    /// <summary>Quantised values of a channel's 256 pixel values.</summary>
    public ReadOnlySpan<byte> Bytes(int channel) => _bytes.AsSpan(channel * Values, Values);
}
