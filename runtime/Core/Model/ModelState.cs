namespace ResNetEdge.Model;

/// <summary>
/// A state of a streaming network: an output that the next run takes as an input, such as the hidden state of a recurrent layer. It is 0 at the
/// start of a stream.
/// </summary>
/// <param name="Output">Name of the output.</param>
/// <param name="Input">Name of the input, of the same type and shape.</param>
public sealed record ModelState(string Output, string Input);
