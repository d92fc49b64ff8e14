namespace ResNetEdge.Device.Cameras;

/// <summary>Matrix and range of Y, U and V.</summary>
/// <remarks>Source: ITU-R BT.601-7, BT.709-6; full range as JFIF 1.02 says. What a driver means by
/// default: Linux, videodev2.h, V4L2_MAP_YCBCR_ENC_DEFAULT.</remarks>
internal enum YuvColor
{
    /// <summary>ITU-R BT.601, Y 16 to 235: what cameras mean that say nothing.</summary>
    Bt601Limited,

    /// <summary>ITU-R BT.601, Y 0 to 255: as in JPEG.</summary>
    Bt601Full,

    /// <summary>ITU-R BT.709, Y 16 to 235.</summary>
    Bt709Limited,

    /// <summary>ITU-R BT.709, Y 0 to 255.</summary>
    Bt709Full,
}
