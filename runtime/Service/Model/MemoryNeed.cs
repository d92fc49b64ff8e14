using ResNetEdge.Device.Sensors;
using ResNetEdge.Packages;

namespace ResNetEdge.Service.Model;

/// <summary>What a package needs at the least, by its manifest and the lengths of its files, before any of it is loaded.</summary>
internal static class MemoryNeed
{
    private const long Mebi = 1 << 20;

    /// <summary>Refuses a package that cannot fit, which would otherwise have the process killed.</summary>
    /// <param name="package">The opened package.</param>
    /// <param name="cameras">Each of which has an input of its own; the weights are shared.</param>
    /// <param name="room">What is left.</param>
    /// <exception cref="EdgeException">Exit 5: there is not enough memory.</exception>
    public static void Require(Package package, int cameras, MemoryRoom room)
    {
        long need = Of(package, cameras);
        if (room.Left() is not { } left || need <= left.Bytes) return;
        throw EdgeException.Unavailable(
            $"{package.Path}: needs at least {Math.Max(need / Mebi, 1)} MiB of memory, but only {left.Bytes / Mebi} MiB are left {left.Limit}; "
                + "use a smaller model, or raise the limit (MemoryMax= of the unit)");
    }

    /// <summary>Bytes: the model is read whole and its weights are packed page by page as it is let go; inputs are held as they are.</summary>
    internal static long Of(Package package, int cameras)
    {
        double inputs = package.Manifest?.Inputs.Sum(input => input.Shape.Aggregate(4.0, (bytes, side) => bytes * Math.Max(side, 1))) ?? 0;
        long model = package.Files?.GetValueOrDefault(PackageFiles.Model) ?? 0;
        return (long)Math.Min(model + (inputs * cameras), long.MaxValue / 2);
    }
}
