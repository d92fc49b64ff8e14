namespace ResNetEdge.Exporter.Hiding;

/// <summary>
/// Fits a convolution to what it reads and what it should give, picture by picture: least squares over the windows of sampled pixels.
/// </summary>
internal sealed class ConvFit
{
    private readonly FittedShape _shape;
    private readonly LeastSquares[] _groups;
    private readonly float[] _window; // [taps + 1], the last one for the bias
    private readonly float[] _target; // [outputs of a group]

    /// <summary>Begins a fit.</summary>
    public ConvFit(FittedShape shape)
    {
        _shape = shape;
        int outputs = shape.Outputs / shape.Groups;
        (_window, _target) = (new float[shape.Taps + 1], new float[outputs]);
        _groups = [.. Enumerable.Range(0, shape.Groups).Select(_ => new LeastSquares(shape.Taps + 1, outputs))];
    }

    /// <summary>Takes one picture.</summary>
    /// <param name="input">What the convolution reads.</param>
    /// <param name="target">What it should give.</param>
    /// <param name="less">What is added to its result elsewhere and so not its task, in the target's shape; null for nothing.</param>
    /// <param name="pixels">Numbers of the output pixels to look at, row-major.</param>
    public void Add(FeatureMap input, FeatureMap target, FeatureMap? less, ReadOnlySpan<int> pixels)
    {
        ReadOnlySpan<float> wanted = target.Values.Span, shortcut = less is { } map ? map.Values.Span : default;
        int outputs = _target.Length, taps = _shape.Taps / (_shape.Kernel * _shape.Kernel);
        _window[^1] = 1;
        for (int g = 0; g < _groups.Length; g++)
        {
            foreach (int pixel in pixels)
            {
                ReadWindow(input, g * taps, pixel / target.Width, pixel % target.Width);
                for (int o = 0; o < outputs; o++)
                {
                    int at = (g * outputs + o) * target.Pixels + pixel;
                    _target[o] = wanted[at] - (shortcut.IsEmpty ? 0 : shortcut[at]);
                }

                _groups[g].Add(_window, _target);
            }
        }
    }

    /// <summary>Solves for the convolution that fits the pixels seen.</summary>
    /// <param name="ridge">How strongly it is drawn to the prior, relative to the activations' power.</param>
    /// <param name="prior">A convolution of the same shape; null for zeros.</param>
    /// <exception cref="EdgeException">Exit 3: activations that are not finite or all zero.</exception>
    public FittedConv Solve(double ridge, FittedConv? prior)
    {
        int taps = _shape.Taps, outputs = _target.Length;
        float[] weights = new float[_shape.Outputs * taps], bias = new float[_shape.Outputs];
        double[] before = new double[prior is null ? 0 : (taps + 1) * outputs];
        for (int g = 0; g < _groups.Length; g++)
        {
            for (int o = 0; prior is not null && o < outputs; o++)
            {
                for (int t = 0; t < taps; t++) before[t * outputs + o] = prior.Weights[(g * outputs + o) * taps + t];
                before[taps * outputs + o] = prior.Bias[g * outputs + o];
            }

            double[] solution = _groups[g].Solve(ridge, before);
            for (int o = 0; o < outputs; o++)
            {
                for (int t = 0; t < taps; t++) weights[(g * outputs + o) * taps + t] = (float)solution[t * outputs + o];
                bias[g * outputs + o] = (float)solution[taps * outputs + o];
            }
        }

        return new(weights, bias, _shape);
    }

    private void ReadWindow(FeatureMap input, int channel, int row, int column)
    {
        int kernel = _shape.Kernel, at = 0;
        var values = input.Values.Span;
        for (int c = 0; c < _shape.Inputs / _shape.Groups; c++)
        {
            for (int ky = 0; ky < kernel; ky++)
            {
                int y = row * _shape.Stride - _shape.Pad + ky;
                for (int kx = 0; kx < kernel; kx++)
                {
                    int x = column * _shape.Stride - _shape.Pad + kx;
                    bool inside = (uint)y < (uint)input.Height && (uint)x < (uint)input.Width;
                    _window[at++] = inside ? values[((channel + c) * input.Height + y) * input.Width + x] : 0;
                }
            }
        }
    }
}
