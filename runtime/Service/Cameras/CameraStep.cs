namespace ResNetEdge.Service.Cameras;

/// <summary>What a step of the camera gave.</summary>
internal enum CameraStep
{
    /// <summary>A frame, to be released.</summary>
    Frame,

    /// <summary>An open camera gave nothing within the time asked, and is not yet overdue.</summary>
    Quiet,

    /// <summary>There is no camera: a try to open it just failed with an answer, or the next is not due.</summary>
    Absent,

    /// <summary>An open camera failed or was silent too long, and was closed.</summary>
    Lost,

    /// <summary>A file gave its last frame.</summary>
    Ended,
}
