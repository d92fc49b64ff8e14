using ResNetEdge.Model;
using ResNetEdge.Preprocess;

namespace ResNetEdge.Plans;

/// <summary>Where and in which form the caller's input is stored.</summary>
/// <param name="Info">As the model declares it.</param>
/// <param name="Buffer">Its place.</param>
/// <param name="Layout">Its layout.</param>
/// <param name="Steps">Scale and zero point of each channel when stored quantised.</param>
internal sealed record PlanInput(TensorInfo Info, PlanBuffer Buffer, Layout Layout, ChannelSteps? Steps);
