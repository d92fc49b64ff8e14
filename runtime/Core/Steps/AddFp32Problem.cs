namespace ResNetEdge.Steps;

/// <summary>An add of float32.</summary>
internal sealed record AddFp32Problem() : AddFloatProblem(sizeof(float));
