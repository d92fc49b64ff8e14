namespace ResNetEdge.Device.Native;

/// <summary>What a path leads to.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or nothing that may be seen.</summary>
    Missing,

    /// <summary>A file of bytes.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Folder,

    /// <summary>A UNIX socket.</summary>
    Socket,

    /// <summary>A pipe, named or not.</summary>
    Pipe,

    /// <summary>A device of characters or blocks.</summary>
    Device,

    /// <summary>A symbolic link that was not followed, or a kind that is not known.</summary>
    Other,
}
