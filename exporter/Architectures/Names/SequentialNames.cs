namespace ResNetEdge.Exporter.Architectures.Names;

/// <summary>
/// The names that torchvision's network gets as <c>nn.Sequential(*list(resnet.children())[:-1])</c>, the usual way to cut its head off: the place of
/// each child, 0 conv1, 1 bn1, 2 relu, 3 maxpool, 4 to 7 layer1 to layer4.
/// </summary>
internal static class SequentialNames
{
    private static readonly string[] Children = ["conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4"];

    /// <summary>A name in torch's own naming, or null.</summary>
    public static string? Canonical(string name) =>
        name.Length > 1 && name[1] == '.' && name[0] - '0' is >= 0 and var child && child < Children.Length ? Children[child] + name[1..] : null;

    /// <summary>The place-wise name of what torch calls <paramref name="name"/>; the same name where it has no place.</summary>
    public static string Original(string name) =>
        name.IndexOf('.') is > 0 and var dot && Array.IndexOf(Children, name[..dot]) is >= 0 and var child ? child + name[dot..] : name;
}
