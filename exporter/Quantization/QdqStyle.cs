namespace ResNetEdge.Exporter.Quantization;

/// <summary>Where QuantizeLinear and DequantizeLinear stand at a residual add; engines differ in what they fuse.</summary>
internal enum QdqStyle
{
    /// <summary>Both inputs of an add are quantised: ONNX Runtime then stays in int8.</summary>
    OnnxRuntime,

    /// <summary>
    /// Nothing stands between the branch's last convolution and the add, only the shortcut is
    /// quantised: TensorRT fuses the add into that convolution.
    /// </summary>
    TensorRt,
}
