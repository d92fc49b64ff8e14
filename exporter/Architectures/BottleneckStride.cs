namespace ResNetEdge.Exporter.Architectures;

/// <summary>Which convolution of a bottleneck halves the picture.</summary>
internal enum BottleneckStride
{
    /// <summary>The 3x3 in the middle: torchvision, timm, Hugging Face (v1.5).</summary>
    On3x3,

    /// <summary>The first 1x1: He et al. 2015, Caffe, MSRA's weights, downsample_in_bottleneck at Hugging Face (v1).</summary>
    On1x1,
}
