namespace ResNetEdge.Service.Rules;

/// <summary>A rule turned on or off.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="IsOn">What it is now.</param>
/// <param name="Label">What decided, by name: for classification the class; empty when the rule turned off for want of frames.</param>
/// <param name="Probability">Its score in the deciding frame: for classification the probability.</param>
/// <param name="Reason">Why: <c>seen</c>, <c>gone</c>, <c>blind</c> (no frames), <c>asleep</c>, <c>stopped</c>, <c>reloaded</c>,
/// <c>inactive</c> (the time is not one of its), <c>disarmed</c>.</param>
/// <param name="Frame">The service's count; the last one seen when there was none.</param>
/// <param name="CameraTime">Of that frame, on the monotonic clock.</param>
/// <param name="Time">By the wall clock, for display.</param>
internal readonly record struct RuleEvent(
    string Rule, bool IsOn, string Label, float Probability, string Reason, long Frame, TimeSpan CameraTime, DateTimeOffset Time)
{
    /// <summary>Name of the camera that the rule watches; null in a service of one camera without a name.</summary>
    public string? Camera { get; init; }

    /// <summary>What turned on or off: a rule is another one for each camera.</summary>
    public (string? Camera, string Rule) Subject => (Camera, Rule);

    /// <summary>The rule turned on by the frame that is being decided on, so that there is a picture of it.</summary>
    public bool IsSeen => IsOn && Reason == "seen";

    /// <summary>Which conditions held; null where frames did not decide.</summary>
    public RuleWhy? Why { get; init; }

    /// <summary>People are not told, since the rule's limit is reached.</summary>
    public bool IsHeldBack { get; init; }
}
