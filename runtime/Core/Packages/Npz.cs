using ResNetEdge.Model;

namespace ResNetEdge.Packages;

/// <summary>Reads numpy's .npz files: a zip of .npy files, stored or deflated.</summary>
internal static class Npz
{
    /// <summary>Reads all arrays.</summary>
    /// <returns>By name, without <c>.npy</c>; none for a model without inputs.</returns>
    /// <exception cref="EdgeException">Exit 3: missing, unreadable, malformed or hostile.</exception>
    public static Dictionary<string, Tensor> Read(string path)
    {
        using var files = new ZipFiles(path, hasFreeNames: true);
        var arrays = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (string name in files.Lengths.Keys)
        {
            string array = name.EndsWith(".npy", StringComparison.Ordinal) ? name[..^4]
                : throw files.Fail($"contains '{name}', which is not an .npy file");
            arrays.Add(array, Npy.Read(files.Read(name, Array.MaxLength), $"{path}: {name}"));
        }

        return arrays;
    }
}
