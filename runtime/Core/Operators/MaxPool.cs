using ResNetEdge.Model;

namespace ResNetEdge.Operators;

/// <summary>Largest value under the window; padding never wins.</summary>
internal sealed class MaxPool : Pool
{
    protected override float Reduce(Node node, ReadOnlySpan<float> plane, int height, int width, in Window window, int oy, int ox)
    {
        float max = float.NegativeInfinity;
        for (int ky = 0; ky < window.KernelHeight; ky++)
            for (int kx = 0; kx < window.KernelWidth; kx++)
            {
                int y = oy * window.StrideHeight - window.PadTop + ky * window.DilationHeight;
                int x = ox * window.StrideWidth - window.PadLeft + kx * window.DilationWidth;
                if ((uint)y < (uint)height && (uint)x < (uint)width) max = Math.Max(max, plane[y * width + x]);
            }

        return max;
    }
}
