using ResNetEdge.Steps;

namespace ResNetEdge.Plans.Fusions;

/// <summary>One ordinary convolution that computes some phases of a ConvTranspose: output channels [group][phase row][phase column][channel].</summary>
/// <param name="rows">The rows.</param>
/// <param name="columns">The columns.</param>
/// <param name="phasesY">Phases along the rows.</param>
/// <param name="phasesX">Phases along the columns.</param>
internal sealed class SubPixelConv(SubPixelAxis rows, SubPixelAxis columns, int[] phasesY, int[] phasesX)
{
    /// <summary>Phases of the output.</summary>
    public int Phases => phasesY.Length * phasesX.Length;

    /// <summary>First phase, counted over all of the ConvTranspose.</summary>
    public int First => phasesY[0] * columns.Axis.Stride + phasesX[0];

    /// <summary>Geometry; null when a phase does not become a convolution.</summary>
    /// <param name="batch">Pictures.</param>
    /// <param name="inputs">Input channels of all groups.</param>
    /// <param name="outputs">Output channels of all groups.</param>
    /// <param name="groups">Groups.</param>
    public ConvShape? Shape(int batch, int inputs, int outputs, int groups) =>
        rows.Window(phasesY) is { } y && columns.Window(phasesX) is { } x ? new ConvShape
        {
            Batch = batch,
            InputHeight = rows.Input,
            InputWidth = columns.Input,
            InputChannels = inputs,
            OutputChannels = outputs * Phases,
            KernelHeight = y.Taps,
            KernelWidth = x.Taps,
            DilationHeight = y.Dilation,
            DilationWidth = x.Dilation,
            PadTop = -y.First,
            PadLeft = -x.First,
            PadBottom = rows.Places + y.Shift(y.Taps - 1) - rows.Input,
            PadRight = columns.Places + x.Shift(x.Taps - 1) - columns.Input,
            Groups = groups,
        } : null;

    /// <summary>Weights as a convolution has them, of those of the ConvTranspose, [input][output of the group][kernel].</summary>
    public T[] Weights<T>(ReadOnlySpan<T> from, ConvShape shape) where T : unmanaged
    {
        SubPixelWindow y = rows.Window(phasesY)!.Value, x = columns.Window(phasesX)!.Value;
        int channels = shape.GroupOutputChannels / Phases, kernel = columns.Axis.Kernel, taps = rows.Axis.Kernel * kernel;
        var to = new T[shape.OutputChannels * shape.Depth];
        for (int output = 0; output < shape.OutputChannels; output++)
        {
            var (group, place) = Math.DivRem(output, shape.GroupOutputChannels);
            var (phase, channel) = Math.DivRem(place, channels);
            var (phaseY, phaseX) = Math.DivRem(phase, phasesX.Length);
            for (int tap = 0; tap < shape.Taps; tap++)
            {
                int tapY = rows.Tap(phasesY[phaseY], y.Shift(tap / x.Taps)), tapX = columns.Tap(phasesX[phaseX], x.Shift(tap % x.Taps));
                if (tapY < 0 || tapX < 0) continue;
                for (int c = 0; c < shape.GroupInputChannels; c++)
                {
                    int input = group * shape.GroupInputChannels + c;
                    to[output * shape.Depth + c * shape.Taps + tap] = from[(input * channels + channel) * taps + tapY * kernel + tapX];
                }
            }
        }

        return to;
    }

    /// <summary>A number for each output channel of the ConvTranspose, repeated for every phase.</summary>
    public T[] PerChannel<T>(T[] from, int groups)
    {
        int channels = from.Length / groups;
        return [.. Enumerable.Range(0, from.Length * Phases).Select(o => from[o / (channels * Phases) * channels + o % channels])];
    }
}
