using ResNetEdge.Device;
using ResNetEdge.Packages;
using ResNetEdge.Service.Model;
using ResNetEdge.Service.Pacing;

namespace ResNetEdge.Service.Flow;

/// <summary>
/// Has the deepest level of the ladder that may run loaded beside the whole network while an output wants frames of which the two say different
/// things, and none while no output does. For the service thread.
/// </summary>
/// <param name="state">Its configuration says whether; the level is put there.</param>
/// <param name="work">Loads it.</param>
/// <param name="log">For people.</param>
internal sealed class ComparedLevels(ServiceState state, BackgroundWork work, Log log)
{
    private (Package Package, int Level)? _tried; // loaded, being loaded, or not to be had
    private bool _isLoading;

    /// <summary>Why no level of a package can be compared, a sentence; null: one can.</summary>
    /// <param name="package">In use.</param>
    /// <param name="budget">How deep levels may be.</param>
    public static string? WhyNot(Package package, BudgetSettings budget) =>
        package.Levels == 0 ? $"{package.Path} has no ladder: make one by 'resnetedge-export hide --ladder'"
        : budget.MaxLevel == 0 ? "'budget.max_level' is 0"
        : package.StatesOr([]).Count > 0 ? $"{package.Path} keeps states from frame to frame" : null;

    /// <summary>Follows the configuration and the model; called again and again.</summary>
    public void Follow()
    {
        var parts = state.Parts;
        bool isWanted = parts.Configuration.CompareEvery is not null;
        if (!isWanted && parts.Compared is not null) work.Post(() => Exchange(null));
        if (!isWanted) _tried = null;
        if (!isWanted || _isLoading) return;
        var (model, budget) = (parts.Model, parts.Configuration.Budget);
        int level = Math.Min(model.Package.Levels, budget.MaxLevel);
        if (_tried == (model.Package, level)) return;
        _tried = (model.Package, level);
        if (parts.Compared is not null) work.Post(() => Exchange(null)); // two at once would be one too many
        if (WhyNot(model.Package, budget) is { } whyNot) log.Warning("no frames by disagreement", ("reason", whyNot));
        else Load(model, level);
    }

    private void Load(ReadyModel model, int level)
    {
        _isLoading = true;
        work.Start(
            "loading a level of the model to compare with",
            () => new ComparedLevel(model.Package, ModelLoader.LoadLevel(model, level)),
            compared =>
            {
                _isLoading = false;
                Exchange(compared);
                log.Notice("level loaded beside the whole network, to find frames on which they disagree", ("level", compared.Level));
            },
            e =>
            {
                _isLoading = false;
                log.Error("no frames by disagreement: the level cannot be loaded", ("level", level), ("reason", e.Message));
            },
            static compared => compared.Dispose());
    }

    // Between two frames.
    private void Exchange(ComparedLevel? next)
    {
        var before = state.Parts.Compared;
        state.Parts = state.Parts with { Compared = next };
        before?.Dispose();
    }
}
