//! The one list of commands. To add one: write its types in [`crate::contract`], add its line here, write its
//! function in `answer`; then `make contract`. A host that dispatches through [`crate::dispatch`] answers all of
//! them, and a missing function does not compile.

/// Calls `$with!` with every command: `name(Request) -> Response`.
#[macro_export]
macro_rules! with_commands {
    ($with:ident) => {
        $with! {
            /// What the window shows first.
            session(()) -> Session;
            /// Asks a relay what an invite is good for. Nothing is saved.
            check_relay(CheckRelay) -> RelayCheck;
            /// Uses the invite: the relay knows this desk from now on.
            enrol(Enrol) -> Session;
            /// Asks Meta about a Page token. Nothing is saved.
            check_page_token(PageToken) -> PageCheck;
            /// Checks the token, subscribes the Page, reads that back, then saves.
            connect_account(PageToken) -> Session;
            /// Begins a login with Meta and opens the browser.
            begin_login(BeginLogin) -> LoginView;
            /// Opens the browser at the same login once more.
            open_login_again(()) -> LoginView;
            /// Shows the address of the login, to be copied into another browser.
            show_login_address(()) -> LoginView;
            /// How the login stands.
            login(()) -> LoginView;
            /// Connects accounts that the person granted.
            connect_granted(ConnectGranted) -> LoginView;
            /// Ends the login, and forgets what it brought.
            cancel_login(()) -> ();
            /// Says whether Meta approved the Human Agent feature for an account.
            set_human_agent(SetHumanAgent) -> ();
            /// Chooses what replies of an account do while the relay is away.
            set_waiting(SetWaiting) -> ();
            /// Writes the evidence of an account's late replies into a file, where the person says.
            export_evidence(AccountName) -> EvidenceFile;
            /// Chooses whether threads of an account go back to the default app when an agent is done with them.
            set_hand_back(SetHandBack) -> Session;
            /// Chooses how threads of an account are given out, and who may answer in them.
            set_queue(SetQueue) -> Session;
            /// Gives an app of an account another name, for the whole team.
            rename_app(RenameApp) -> Session;
            /// Chooses whether the answers of an app count as a person's where routing is off.
            count_answers(CountAnswers) -> Session;
            /// Reads an account's settings from Meta now.
            check_account(AccountName) -> Session;
            /// Subscribes an account's Page again, and reads that back.
            subscribe_again(AccountName) -> Session;
            /// The agent has seen that the desk's data was repaired.
            repair_seen(()) -> Session;
            /// Pauses reading an account's history for the whole team, or lets it go on.
            pause_history(PauseHistory) -> Session;
            /// What would be lost on this desk with an account.
            removal(AccountName) -> RemovalView;
            /// Removes an account for the whole team. It cannot be undone.
            remove_account(AccountName) -> RemovedView;
            /// A page of the thread list.
            list_threads(ListThreads) -> ThreadPage;
            /// A thread with its newest items.
            open_thread(ThreadName) -> ThreadView;
            /// The same of a thread that may be opened next. Nothing is asked of Meta for it.
            read_ahead(ThreadName) -> ThreadView;
            /// Older items of a thread.
            older_items(OlderItems) -> ItemPage;
            /// Newer items of a thread, after a place in it.
            newer_items(NewerItems) -> ItemStretch;
            /// The items around a message, wherever in the thread it stands.
            items_around(ItemsAround) -> ItemStretch;
            /// The items around a moment of a thread.
            items_from(ItemsFrom) -> ItemStretch;
            /// Looks for messages and customers.
            search(Search) -> Found;
            /// More of the customers whom a search found by their names.
            search_people(SearchPeople) -> FoundPeople;
            /// What may be sent now.
            composer(ThreadName) -> ComposerState;
            /// Saves a draft.
            save_draft(SaveDraft) -> ();
            /// Takes a file out of a draft. It is added with its bytes beside the command, see [`crate::files`].
            remove_file(RemoveFile) -> ();
            /// What was handed over with a thread was used, or is not needed.
            drop_handed_draft(HandedDraftName) -> ();
            /// Puts a reply into the outbox.
            send_reply(SendReply) -> SendReceipt;
            /// The draft answers a message, or none.
            answer_message(AnswerMessage) -> ();
            /// The draft offers answers that the customer can give with one tap.
            offer_answers(OfferAnswers) -> ();
            /// Reacts to a message of the customer's, or takes that back.
            react(React) -> ();
            /// Shows the customer that this agent writes, or no longer.
            show_typing(ShowTyping) -> ();
            /// Shows the customer that everything so far was read.
            mark_seen(MarkSeen) -> ();
            /// Lets a part go at once that is kept back.
            send_part_now(PartName) -> ();
            /// Tries a refused, unknown or abandoned part again: an agent's choice.
            retry_part(PartPress) -> ();
            /// Lets what waits behind a refused or abandoned part leave without it.
            send_rest(PartPress) -> ();
            /// Takes a part that has not left back into the draft, or closes an unknown one.
            discard_part(PartName) -> ();
            /// Puts a refused part aside, or takes that back.
            put_aside(PutAside) -> ();
            /// What has not left this computer: closing the window is asked about then.
            not_left(()) -> Vec<NotLeft>;
            /// Closes the application.
            quit(()) -> ();
            /// The agent was told of a setback.
            told_of_setback(PartName) -> ();
            /// The canned replies that this agent can use.
            canned_replies(()) -> CannedReplies;
            /// Adds, changes or removes a canned reply; answers all of them.
            set_canned_reply(SetCannedReply) -> CannedReplies;
            /// Take, pass, release, request, extend.
            act_on_control(ActOnControl) -> ();
            /// Gives a thread to this agent or to the queue.
            assign(Assign) -> ();
            /// Gives a thread to a colleague or to the queue.
            give_thread(GiveThread) -> ();
            /// Who works on a thread's account: whom a note can mention, and whom the thread can be given to.
            members(ThreadName) -> Members;
            /// Saves what is written as a private note.
            save_note_draft(SaveNoteDraft) -> ();
            /// Adds a private note; it never goes to the customer.
            add_note(AddNote) -> NoteReceipt;
            /// Takes a note away for the whole team.
            remove_note(RemoveNote) -> ();
            /// Makes a thread urgent, or no longer so.
            set_urgent(SetUrgent) -> ();
            /// Makes a thread urgent and tells its supervisors why.
            escalate(Escalate) -> ();
            /// Sets a thread's status.
            set_status(SetStatus) -> ();
            /// Marks a thread read or unread for this agent.
            mark(Mark) -> Marked;
            /// Which labels there are.
            labels(()) -> LabelsView;
            /// Makes a label, or gives one another name or colour; answers all of them.
            define_label(DefineLabel) -> LabelsView;
            /// Takes a label out of the workspace; answers the others.
            remove_label(LabelName) -> LabelsView;
            /// Puts a label on a thread, or takes it off.
            set_label(SetLabel) -> ();
            /// The lists that this agent keeps under names.
            saved_views(()) -> SavedViews;
            /// Keeps a list under a name, or changes one; answers all of them.
            save_view(SaveView) -> SavedViews;
            /// Forgets one; answers the others.
            delete_view(SavedViewName) -> SavedViews;
            /// What an act on many threads would do.
            preview_many(Many) -> ManyPreview;
            /// Does something with many threads.
            act_on_many(Many) -> ManyDone;
            /// Puts threads back as they were before that, where nobody moved them since.
            undo_many(UndoMany) -> ManyUndone;
            /// Columns of the supervisor's board.
            board(ReadBoard) -> BoardView;
            /// What each agent has to do, for the supervisor's board.
            board_agents(ReadBoardAgents) -> BoardAgents;
            /// Opens the supervisor's board in a window of its own, or brings that to the front.
            open_board(()) -> BoardWindow;
            /// Says what is on the screen of the board's own window.
            shows_on_board(Shows) -> ();
            /// Says which thread somebody looks at in the board's own window, while it has the focus.
            look_at_on_board(LookAt) -> ();
            /// Gives a customer a name, for the whole team.
            rename_customer(RenameCustomer) -> ();
            /// Blocks a thread's customer for the whole team, or lets them through again.
            block_customer(BlockCustomer) -> ();
            /// What a picture, sound, video or file is; it is fetched when it is not here.
            fetch_media(MediaName) -> MediaNow;
            /// Asks Meta anew for a picture, sound, video or file whose link died.
            fetch_media_anew(MediaName) -> MediaNow;
            /// How much of this computer's room the files of messages take.
            vault(()) -> VaultView;
            /// Gives them another room.
            set_vault(SetVault) -> VaultView;
            /// Saves a file where the person says.
            save_media(MediaName) -> Saved;
            /// Shows the pictures of a thread's customer at once from now on.
            show_pictures(ThreadName) -> ();
            /// Opens something outside of the window: an address, a place, a file, Meta's inbox.
            open_outside(OpenOutside) -> ();
            /// Who works here; for admins with their desks and open invites.
            people(()) -> PeopleView;
            /// Makes an invite. What lets a desk in is in the answer, this once.
            make_invite(MakeInvite) -> InviteShown;
            /// Looks at a list of people to be invited. Nobody is.
            check_invites(InviteText) -> InvitesChecked;
            /// Invites everybody on a list, or nobody, and writes the invites into a file, where the person says.
            import_invites(InviteText) -> InvitesFile;
            /// Takes an invite back.
            take_back_invite(InviteName) -> PeopleView;
            /// Gives, changes or ends a person's role on an account.
            set_role(SetRole) -> PeopleView;
            /// Gives a person another name.
            rename_agent(RenameAgent) -> PeopleView;
            /// Cuts a desk off. It cannot be undone: the desk removes what it holds.
            revoke_desk(DeskName) -> PeopleView;
            /// What it would do to set a person offline and return their threads.
            returning(AgentName) -> ReturningView;
            /// Sets a person offline and gives their threads to the queue. Undone with `undoMany`.
            return_threads(AgentName) -> ReturnedView;
            /// What would be lost on this desk with a thread's customer.
            erasing(ThreadName) -> ErasingView;
            /// Erases a thread's customer for the whole team. It cannot be undone.
            erase_customer(ThreadName) -> ();
            /// How the last erasure of a thread's customer stands; none when there was none.
            erasure(ThreadName) -> Option<ErasureView>;
            /// Who is there, and what they look at.
            presence(()) -> PresenceView;
            /// Chooses how present this agent is.
            set_presence(SetPresence) -> PresenceView;
            /// Says what is on the screen: colleagues see it while this agent is there.
            shows(Shows) -> ();
            /// A key was pressed or a pointer moved; told at most every 30 seconds.
            touched(()) -> ();
            /// What the agent is told of, and how; what the desktop can do.
            alerts(()) -> AlertsView;
            /// Chooses what the agent is told of.
            set_alerts(AlertSettings) -> AlertsView;
            /// Begins or ends do not disturb.
            set_quiet(SetQuiet) -> AlertsView;
            /// Shows a test notification.
            try_alert(()) -> AlertTrial;
            /// Says which thread somebody looks at, in a window that has the focus: it needs no alert.
            look_at(LookAt) -> ();
            /// The status line.
            status(()) -> StatusLine;
            /// Tries the relay and what waits again now: the network came back, or the agent asks for it.
            wake(()) -> ();
            /// Facts for support.
            diagnostics(()) -> Diagnostics;
            /// Reads a setting of this desk.
            setting(SettingName) -> Setting;
            /// Writes a setting of this desk.
            set_setting(Setting) -> ();
        }
    };
}
