namespace ResNetEdge.KernelGenerator.Functions;

/// <summary>Which register holds which value of a function: constants in the first ones for good, everything else until it was read last.</summary>
internal sealed class RegisterFile
{
    private readonly Dictionary<int, int> _constants = [];
    private readonly Dictionary<int, int> _lastReads = [];
    private readonly Dictionary<(int Value, int Vector), int> _places = [];
    private readonly Stack<int> _free = [];

    /// <param name="recording">The function.</param>
    /// <param name="registers">How many there are.</param>
    public RegisterFile(Recording recording, int registers)
    {
        for (int i = 0; i < recording.Constants.Count; i++)
            _constants[recording.Constants[i].Value] = i;
        for (int r = registers - 1; r >= recording.Constants.Count; r--)
            _free.Push(r);
        for (int i = 0; i < recording.Operations.Count; i++)
        {
            foreach (int operand in recording.Operations[i].Operands)
                _lastReads[operand] = i;
        }

        _lastReads[recording.Result] = int.MaxValue;
    }

    /// <summary>The register that holds a value.</summary>
    public int Of(int value, int vector) => _constants.TryGetValue(value, out int register) ? register : _places[(value, vector)];

    /// <summary>Whether an operation is the last that reads a value.</summary>
    public bool Dies(int value, int at) => !_constants.ContainsKey(value) && _lastReads[value] == at;

    /// <summary>A free register, which is the value's from now on.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public int Take(int value, int vector) => _free.TryPop(out int register) ? _places[(value, vector)] = register
        : throw new InvalidOperationException("the function needs more registers than there are");

    /// <summary>Gives the register of a value that nothing needs any more to another.</summary>
    public void Replace(int value, int by, int vector)
    {
        _places.Remove((value, vector), out int register);
        _places[(by, vector)] = register;
    }

    /// <summary>Frees the registers of what an operation reads last.</summary>
    public void Release(RecordedOperation step, int at, int vector)
    {
        foreach (int operand in step.Operands)
            if (Dies(operand, at) && _places.Remove((operand, vector), out int register)) _free.Push(register);
    }
}
