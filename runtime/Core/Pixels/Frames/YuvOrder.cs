namespace ResNetEdge.Pixels.Frames;

/// <summary>How a row's Y, U and V lie in memory. One U and one V for each two pixels beside each other.</summary>
internal enum YuvOrder
{
    /// <summary>Y0 U Y1 V.</summary>
    Yuyv,

    /// <summary>U Y0 V Y1.</summary>
    Uyvy,

    /// <summary>Y apart, pairs U V.</summary>
    PairsUv,

    /// <summary>Y apart, pairs V U.</summary>
    PairsVu,

    /// <summary>Y, U and V apart.</summary>
    Planes,
}
