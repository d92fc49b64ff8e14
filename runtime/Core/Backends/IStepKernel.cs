namespace ResNetEdge.Backends;

/// <summary>
/// A problem that a backend has made ready to run: constants packed, places bound. Holds no activation, so sessions share it. How it is
/// run is between the backend and its engine.
/// </summary>
internal interface IStepKernel : IDisposable
{
    /// <summary>Grammar: operation, type, instruction set, e.g. <c>ConvInt8Avx512Vnni</c>.</summary>
    string Name { get; }

    /// <summary>Bytes of packed constants and tables.</summary>
    long PackedBytes { get; }
}
