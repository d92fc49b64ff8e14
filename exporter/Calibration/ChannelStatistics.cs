namespace ResNetEdge.Exporter.Calibration;

/// <summary>
/// Mean, standard deviation and largest magnitude of each channel of a value, over all pictures and places. Memory: three numbers a channel.
/// </summary>
/// <param name="channels">At least 1.</param>
internal sealed class ChannelStatistics(int channels)
{
    private readonly double[] _sums = new double[channels], _squares = new double[channels];
    private readonly float[] _largest = new float[channels];
    private long _elements; // per channel

    /// <summary>Number of channels.</summary>
    public int Channels => channels;

    /// <summary>Largest magnitude seen, [channels].</summary>
    public ReadOnlySpan<float> Largest => _largest;

    /// <summary>Takes in one picture's value.</summary>
    /// <param name="values">[channels][places], finite or not.</param>
    /// <returns>False when an element is NaN or infinite; what was seen is then of no use.</returns>
    public bool Add(ReadOnlySpan<float> values)
    {
        int places = values.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            double sum = 0, squares = 0;
            float largest = _largest[c];
            foreach (float value in values.Slice(c * places, places))
            {
                sum += value;
                squares += (double)value * value;
                largest = Math.Max(largest, Math.Abs(value));
            }

            if (!double.IsFinite(squares)) return false; // squares of floats are finite as doubles, so an element is not
            _sums[c] += sum;
            _squares[c] += squares;
            _largest[c] = largest;
        }

        _elements += places;
        return true;
    }

    /// <summary>Mean of a channel.</summary>
    public double Mean(int channel) => _sums[channel] / _elements;

    /// <summary>Standard deviation of a channel.</summary>
    public double Deviation(int channel) => Math.Sqrt(Math.Max(0, _squares[channel] / _elements - Mean(channel) * Mean(channel)));
}
