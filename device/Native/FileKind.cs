namespace ResNetEdge.Device.Native;

/// <summary>What a path leads to.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or nothing that may be seen.</summary>
    Missing,

    /// <summary>A file of bytes.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A UNIX socket.</summary>
    Socket,

    /// <summary>A pipe or a device.</summary>
    Other,
}
