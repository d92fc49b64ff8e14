using ResNetEdge.Model;

namespace ResNetEdge.Steps;

/// <summary>An add of float16.</summary>
internal sealed record AddFp16Problem() : AddFloatProblem(HalfNumbers.Size);
